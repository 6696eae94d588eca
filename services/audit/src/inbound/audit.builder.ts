import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  PayoutsScheduled,
  PayoutsSettled,
  RequestsHeld,
  type FactContract,
  type ServiceName,
} from '@remitflow/contracts';
import { uuidV7 } from '@remitflow/kernel';
import type { MessagingRuntime } from '@remitflow/messaging';
import type { Database } from '@remitflow/persistence';
import { monthOf } from '../domain/event.ts';
import type { Verification } from '../use-cases/verify-chain.ts';

export const thisMonth = monthOf(new Date().toISOString());

export const held = (submissionId: string, requestId = uuidV7()) => ({
  submissionId,
  requests: [
    {
      requestId,
      claimId: 'C1',
      billedCents: 200,
      allowedCents: 100,
      findings: [{ ruleId: 'amount.review', ruleVersion: '1', message: 'A person has to look.' }],
    },
  ],
});

/** The service under test, and how to wait for what it does. */
type Served = {
  readonly url: string;
  readonly database: Database;
  speakAs(service: ServiceName, says: readonly FactContract[]): Promise<MessagingRuntime>;
  close(): Promise<void>;
};
type Surroundings = {
  open(environment: Readonly<Record<string, string>>): Promise<Served>;
  eventually(check: () => Promise<unknown>): Promise<unknown>;
};

export type AuditDriver = Awaited<ReturnType<typeof openAudit>>;

/** Audit as it runs, others to speak to it, and what the owner of its database can do. */
export async function openAudit({ open, eventually }: Surroundings) {
  const copiesDir = mkdtempSync(join(tmpdir(), 'audit-'));
  const service = await open({ CHECKPOINTS_DIR: copiesDir, CHECKPOINT_EVERY_MS: '100' });
  const validation = await service.speakAs('validation', [RequestsHeld]);
  const payout = await service.speakAs('payout', [PayoutsScheduled, PayoutsSettled]);
  const get = async (path: string): Promise<unknown> => (await fetch(`${service.url}${path}`)).json();
  const verify = async (): Promise<Verification> => (await get('/verify')) as Verification;
  return {
    ...{ service, validation, payout, copiesDir, get, verify },
    copiesPath: join(copiesDir, 'checkpoints.ndjson'),
    count: async (): Promise<number> => ((await get('/summary')) as { events: number }).events,
    problemsOf: async (stream: string) =>
      (await verify()).problems
        .filter((problem) => problem.stream === stream)
        .map(({ kind, sequence }) => ({ kind, sequence })),
    sayStream: (times: number) => sayStream({ service, validation, eventually }, times),
    tamper: (...statements: readonly Statement[]) => tamper(service, statements),
    async close(): Promise<void> {
      await service.close();
      rmSync(copiesDir, { recursive: true });
    },
  };
}

type Statement = [sql: string, parameters: readonly unknown[]];

type Speaking = Pick<Surroundings, 'eventually'> & { service: Served; validation: MessagingRuntime };

/** Says `times` facts about one submission and gives the stream they are in, once checkpointed. */
async function sayStream({ service, validation, eventually }: Speaking, times: number): Promise<string> {
  const submissionId = uuidV7();
  for (let said = 0; said < times; said += 1)
    await validation.work(async ({ outbox }) => outbox.add(RequestsHeld, held(submissionId)));
  const stream = `requests/${submissionId}/${thisMonth.slice(0, 7)}`;
  await eventually(async () => {
    const [head] = await service.database.query<{ done: string }>(
      `select checkpointed_sequence as done from stream_heads where stream = $1`,
      [stream],
    );
    return Number(head?.done) === times;
  });
  return stream;
}

/** The triggers are off meanwhile. */
async function tamper({ database }: Served, statements: readonly Statement[]): Promise<void> {
  await database.transaction(async (tx) => {
    for (const table of ['events', 'checkpoints', 'checkpoint_heads'])
      await tx.execute(`alter table ${table} disable trigger append_only`);
    for (const [sql, parameters] of statements) await tx.execute(sql, parameters);
    for (const table of ['events', 'checkpoints', 'checkpoint_heads'])
      await tx.execute(`alter table ${table} enable always trigger append_only`);
  });
}
