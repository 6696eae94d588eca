import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { ServiceName } from '@remitflow/contracts';
import { flowOf, MessagingRuntime, type Flow } from '@remitflow/messaging';
import { Database } from '@remitflow/persistence';
import { Clock } from './clock.ts';

/** A queue on the broker; its depth and consumers as far as the broker tells. */
export type QueueDepth = { readonly name: string; readonly depth?: number; readonly consumers?: number };

export type Queues = Omit<Flow, 'said'> & {
  readonly service: ServiceName;
  readonly at: string;
  readonly queues: readonly QueueDepth[];
  readonly outbox: { readonly rows: number; readonly oldestAgeMs: number; readonly said: number };
};

/** What people who operate a service see of its messages as a whole. */
@ApiTags('operations')
@Controller('ops')
export class OperationsController {
  constructor(
    private readonly runtime: MessagingRuntime,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  @Get('messaging')
  @ApiOperation({ summary: 'Consumer, relay and outbox at this moment.' })
  async messaging(): Promise<object> {
    const [backlog, said] = await Promise.all([this.runtime.backlog(), this.runtime.said()]);
    return { service: this.runtime.service, ...this.runtime.condition(), outbox: { ...backlog, said } };
  }

  @Get('queues')
  @ApiOperation({ summary: 'How much waits where: queues, outbox, receipts, retries, dead letters.' })
  async queues(): Promise<Queues> {
    const [queues, backlog, flow] = await Promise.all([
      depthsOf(this.runtime),
      this.runtime.backlog(),
      flowOf(this.database),
    ]);
    const { said, ...rest } = flow;
    const outbox = { ...backlog, oldestAgeMs: Math.round(backlog.oldestAgeMs), said };
    return { service: this.runtime.service, at: this.clock.now().toISOString(), queues, outbox, ...rest };
  }
}

/** Empty when the broker does not answer: what waits in the database is worth knowing all the same. */
async function depthsOf(runtime: MessagingRuntime): Promise<QueueDepth[]> {
  const queues = await runtime.queues().catch(() => []);
  return queues.map(({ name, look }) => ({
    name,
    ...(look ? { depth: look.ready, consumers: look.consumers } : {}),
  }));
}
