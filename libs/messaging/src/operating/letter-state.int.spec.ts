import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { operatingFacts } from '@remitflow/contracts';
import { uuidV7 } from '@remitflow/kernel';
import { openTestDatabase, quietLog, type TestDatabase } from '@remitflow/testing';
import fc from 'fast-check';
import { encodeBody } from '../core/body.ts';
import { TransactionOutbox } from '../core/outbox.ts';
import { PostgresStore } from '../postgres/postgres-store.ts';
import { DeadLetterStore } from '../postgres/dead-letters.store.ts';
import { messageTables } from '../postgres/migrations.ts';
import { ActRefused } from './act-refused.ts';
import { deadLetterIdOf } from './dead-letter-id.ts';
import { letterEvents, nextLetterState, type LetterEvent, type LetterState } from './letter-state.ts';
import { MessageOperations } from './message-operations.ts';
import { RunStore } from './runs.store.ts';
import { readLetter, sendAgain } from './send-again.ts';
import type { Workplace } from './workplace.ts';

const ada = { by: 'ada', reason: 'because' };

/** Whatever people and messages do to a dead letter, in whatever order, its row walks the table of states. */
describe('the states of a dead letter', () => {
  let test: TestDatabase;
  let place: Workplace;
  let operations: MessageOperations;

  beforeAll(async () => {
    test = await openTestDatabase(messageTables());
    const store = new PostgresStore(test.database, 'intake');
    place = {
      service: 'intake',
      release: 'spec',
      database: test.database,
      work: (perform) =>
        store.transaction(async (unit) => {
          const outbox = new TransactionOutbox({ service: 'intake', says: operatingFacts });
          const value = await perform({ tx: unit.tx, outbox, store: unit });
          await outbox.write(unit.outbox);
          return value;
        }),
    };
    operations = new MessageOperations({
      ...place,
      log: quietLog,
      now: () => new Date(),
      onDue: () => undefined,
    });
  }, 60_000);

  afterAll(() => test.drop());

  const body = {
    submissionId: uuidV7(),
    requests: [
      {
        requestId: uuidV7(),
        claimId: 'C',
        billedCents: 1,
        allowedCents: 1,
        findings: [{ ruleId: 'r', ruleVersion: '1', message: 'm' }],
      },
    ],
  };
  const encoded = encodeBody(body);

  const park = (id: string): Promise<void> =>
    test.database.transaction((tx) =>
      new DeadLetterStore(tx).park({
        messageId: id,
        envelope: {
          id,
          type: 'requests.held.v1',
          source: 'validation',
          subject: 's',
          time: new Date().toISOString(),
          correlationId: id,
          digest: encoded.digest,
        },
        body: encoded.bytes,
        fingerprint: 'f',
        attempts: [],
        release: 'spec',
      }),
    );

  const hold = async (id: string): Promise<string | undefined> =>
    (await test.database.transaction((tx) => new RunStore(tx).holdersOf([id])))[0]?.runId;

  /** What the events are in the hands of people: some of them through a run, some through an edit. */
  const acts: Readonly<Record<LetterEvent, (messageId: string, letter: string) => Promise<unknown>>> = {
    park,
    take: (_, letter) =>
      operations.redrives.start({
        ...ada,
        selection: { ids: [letter] },
        pace: { perSecond: 1, canary: [], failureLimit: 0 },
      }),
    release: async (_, letter) => {
      const runId = await hold(letter);
      if (!runId) throw new ActRefused('conflict', { code: 'spec.no-run', message: '' });
      return operations.redrives.stop(runId, ada);
    },
    send: async (_, letter) => {
      const runId = await hold(letter);
      if (!runId) return operations.deadLetters.redrive(letter, ada);
      return place.work(async (unit) => {
        const runs = new RunStore(unit.tx);
        const [next] = await runs.next(runId, 1);
        await sendAgain(unit, [{ letter: next!, said: readLetter(next!)! }], {
          service: 'intake',
          ...ada,
          runId,
        });
        await runs.settle(runId, [{ place: next!.place, state: 'sent' }]);
      });
    },
    edit: async (_, letter) => {
      const edited = { ...body, submissionId: uuidV7() };
      const { proposalId } = await operations.edits.propose(letter, { ...ada, body: edited });
      return operations.edits.approve(proposalId, { by: 'bob' });
    },
    discard: (_, letter) => operations.deadLetters.discard(letter, ada),
  };

  it('are those of the table, after any events', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...letterEvents), { maxLength: 12 }), async (events) => {
        const messageId = uuidV7();
        const letter = deadLetterIdOf(messageId);
        await park(messageId);
        let state: LetterState = 'open';
        for (const event of events) {
          const next = nextLetterState(state, event);
          const done = await acts[event](messageId, letter).then(
            () => true,
            (error: unknown) => {
              if (error instanceof ActRefused && error.kind === 'conflict') return false;
              throw error;
            },
          );
          expect([event, state, done]).toEqual([event, state, next !== undefined]);
          state = next ?? state;
          expect((await operations.deadLetters.show(letter)).state).toBe(state);
        }
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
