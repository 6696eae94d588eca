import { pipeline } from 'node:stream/promises';
import { Controller, Get, NotFoundException, Param, ParseUUIDPipe, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RetryLater } from '@remitflow/kernel';
import { Database } from '@remitflow/persistence';
import { LogPort } from '@remitflow/service';
import type { Response } from 'express';
import { AuditConfig } from '../config.ts';
import { CheckpointCopies } from '../outbound/checkpoint-copies.gateway.ts';
import { TrailStore, type Summary } from '../outbound/trail.store.ts';
import { openWork } from '../outbound/work.ts';
import { exportEvents } from '../use-cases/export-events.ts';
import { traceRequest, type TrailEvent } from '../use-cases/trace-request.ts';
import { verifyChain, type Verification } from '../use-cases/verify-chain.ts';

@ApiTags('audit')
@Controller()
export class TrailController {
  constructor(
    private readonly database: Database,
    private readonly config: AuditConfig,
    private readonly log: LogPort,
  ) {}

  @Get('requests/:id/trail')
  @ApiOperation({
    summary: 'All that happened to a request, in the order of time; personal fields are masked.',
  })
  async trail(
    @Param('id', ParseUUIDPipe) requestId: string,
  ): Promise<{ requestId: string; events: TrailEvent[]; forgottenUntil: string | null }> {
    const trail = new TrailStore(this.database);
    const events = await traceRequest({ trail }, requestId);
    const forgottenUntil = await trail.forgottenUntil();
    if (events.length === 0)
      throw new NotFoundException({ code: 'request.unknown', message: unknownRequest(forgottenUntil) });
    return { requestId, events, forgottenUntil };
  }

  @Get('verify')
  @ApiOperation({ summary: 'Recomputes every hash and says what was tampered with.' })
  async verify(): Promise<Verification> {
    const { checkpointsDir } = this.config;
    const copies = checkpointsDir ? new CheckpointCopies(checkpointsDir) : undefined;
    try {
      return await this.database.transaction((tx) => verifyChain({ ...openWork({ tx }), copies }));
    } catch (cause) {
      this.log.error({ reason: cause instanceof Error ? cause.message : String(cause) }, 'not verified');
      throw new RetryLater('audit.not-verified', {}, { message: notVerified, cause });
    }
  }

  @Get('export')
  @ApiOperation({ summary: 'Every event, one line of JSON each, in the order recorded.' })
  async export(@Res() response: Response): Promise<void> {
    response.setHeader('content-type', 'application/x-ndjson');
    await pipeline(exportEvents({ trail: new TrailStore(this.database) }), response);
  }

  @Get('summary')
  @ApiOperation({ summary: 'How much is remembered.' })
  summary(): Promise<Summary> {
    return new TrailStore(this.database).summary();
  }
}

const unknownRequest = (forgottenUntil: string | null): string =>
  forgottenUntil === null
    ? 'Nothing is known of this request.'
    : `Nothing is known of this request; what was said until ${forgottenUntil} has been forgotten.`;

const notVerified = 'The chain could not be read to its end now, which says nothing of whether it is whole.';
