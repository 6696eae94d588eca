import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RequestsHeldBody } from '@remitflow/contracts';
import { CannotProceed, RetryLater, uuidV7 } from '@remitflow/kernel';
import { aHeldBody, eventually, quietLog, TwoServices } from '@remitflow/testing';
import { toProperties } from '../amqp/wire.ts';
import type { Envelope } from '../core/envelope.ts';
import { operationsOf, type MessageOperations } from './message-operations.ts';
import { RedriveRunner } from './redrive-runner.ts';
import type { ShownRun } from './redrives.ts';
import type { Workplace } from './workplace.ts';

const fast = { perSecond: 500, canary: [1, 5, 20], failureLimit: 0 };
const patienceMs = 60_000;
const ada = { by: 'ada', reason: 'the cause is mended' };
const bob = { by: 'bob', reason: 'the cause is mended' };

/** People operate what one of two services could not process. */
describe('operating messages', () => {
  const two = new TwoServices();
  const { say, count, record } = two;
  let place: Workplace;
  let operations: MessageOperations;
  const closers: (() => Promise<void>)[] = [];

  beforeAll(() => two.open(), 60_000);

  beforeEach(async () => {
    await two.start();
    two.onHeard = refuseAll;
    const { hearer, hearing } = two;
    const { database } = hearing;
    place = { service: 'intake', release: 'spec', database, work: (perform) => hearer.work(perform) };
    operations = operationsOf(hearer, { database, log: quietLog, now: () => new Date() });
    operations.runner.start();
    closers.push(() => operations.runner.close());
  }, 60_000);

  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
    await two.clean();
  });

  afterAll(() => two.close());

  const refuseAll = async (): Promise<void> => {
    throw new CannotProceed('test.poison');
  };

  /** So many dead letters of one cause, each of one request. */
  const park = async (letters: number): Promise<string[]> => {
    await say(aHeldBody(letters));
    await eventually(async () => (await count('dead_letters')) === letters, patienceMs);
    const rows = await two.hearing.database.query<{ id: string }>(
      `select dead_letter_id as id from dead_letters order by parked_at, dead_letter_id`,
    );
    return rows.map(({ id }) => id);
  };

  const ended = (runId: string, state: string): Promise<ShownRun> =>
    eventually(async () => {
      const run = await operations.redrives.show(runId);
      return run.state === state ? run : undefined;
    }, patienceMs);

  const startAll = (command = ada, pace = fast) =>
    operations.redrives.start({ ...command, pace, selection: { filter: {} } });

  it('redrives a group in stages, each only after everything before is at a good end', async () => {
    await park(40);
    const [group] = await operations.deadLetters.groups({ state: 'open' }, 10);
    expect(group).toMatchObject({ errorCode: 'test.poison', letters: 40, facts: ['requests.held.v1'] });
    two.onHeard = record;
    const { run } = await operations.redrives.start({
      ...ada,
      pace: fast,
      selection: { filter: { group: group!.group } },
      expected: group!.letters,
    });
    operations.runner.wake();
    const finished = await ended(run.runId, 'finished');
    expect(finished.counts).toMatchObject({ letters: 40, handled: 40, failed: 0, left: 0 });
    expect(await count('effects')).toBe(40);
    const early = await two.hearing.database.query(
      `select 1 from redrive_items later, redrive_items earlier
       join dead_letters letter using (dead_letter_id) join inbox using (message_id)
       where ((earlier.place <= 1 and later.place > 1) or (earlier.place <= 5 and later.place > 5)
           or (earlier.place <= 20 and later.place > 20))
         and later.sent_at <= inbox.handled_at`,
    );
    expect(early).toHaveLength(0);
    expect(await count('outbox', `fact_name = 'messages.redriven.v1'`)).toBe(40);
    expect(await count('outbox', `fact_name in ('redrives.started.v1', 'redrives.finished.v1')`)).toBe(2);
  }, 90_000);

  it('stops itself when the canary dies, says why, and goes on when it is told to', async () => {
    await park(12);
    const { run } = await startAll();
    const stopped = await ended(run.runId, 'stopped');
    expect(stopped.haltedBecause).toBe(
      '1 of the 1 sent failed again (test.poison 1); the 11 not sent are open again',
    );
    expect(stopped.failures).toMatchObject([{ code: 'test.poison', letters: 1 }]);
    await eventually(async () => (await count('dead_letters', `state = 'open'`)) === 12);
    expect(await count('outbox', `fact_name = 'redrives.stopped.v1'`)).toBe(1);

    two.onHeard = record;
    await operations.redrives.resume(run.runId, bob);
    const finished = await ended(run.runId, 'finished');
    expect(finished.counts).toMatchObject({ letters: 12, handled: 11, failed: 1 });
    expect(await count('effects')).toBe(11);
    expect(await count('dead_letters', `state = 'open'`)).toBe(1);
  }, 60_000);

  it('lets one of two operators have a letter, and tells the other who has it', async () => {
    await park(25);
    two.onHeard = record;
    const second = new RedriveRunner({ place, log: quietLog, now: Date.now, everyMs: 20 });
    second.start();
    closers.unshift(() => second.close());
    const slow = { ...fast, perSecond: 40 };
    const tried = await Promise.allSettled([startAll(ada, slow), startAll(bob, slow)]);
    const [won] = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value.run] : []));
    const [lost] = tried.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(lost).toMatchObject({ kind: 'conflict', code: 'redrive.under-way' });
    expect(lost!.message).toContain(`${won!.by} redrives 25 of them already (run ${won!.runId}`);
    const [letter] = (await operations.deadLetters.list({ state: 'redriving' }, { limit: 1 })).deadLetters;
    await expect(operations.deadLetters.redrive(letter!.deadLetterId, bob)).rejects.toMatchObject({
      code: 'dead-letter.not-open',
      facts: { state: 'redriving' },
    });
    await ended(won!.runId, 'finished');
    expect(await count('effects')).toBe(25);
    expect(await count('outbox', `fact_name = 'messages.redriven.v1'`)).toBe(25);
  }, 60_000);

  it('acts on the number that was shown, or not at all', async () => {
    const ids = await park(3);
    const wrong = operations.redrives.start({ ...ada, pace: fast, selection: { filter: {} }, expected: 2 });
    await expect(wrong).rejects.toMatchObject({ code: 'redrive.count-changed', facts: { letters: 3 } });
    await operations.deadLetters.discard(ids[0]!, ada);
    const gone = operations.redrives.start({ ...ada, pace: fast, selection: { ids } });
    await expect(gone).rejects.toMatchObject({ code: 'dead-letter.not-open' });
    expect(await count('redrive_runs')).toBe(0);
    expect(await count('dead_letters', `state = 'open'`)).toBe(2);
  });

  it('goes on where it was when its process dies, and sends nothing twice', async () => {
    await park(30);
    two.onHeard = record;
    await operations.runner.close();
    let steps = 0;
    const dying: Workplace = {
      ...place,
      work: async (perform) => {
        steps += 1;
        const dies = steps % 3;
        const result = await place.work(async (unit) => {
          const value = await perform(unit);
          if (dies === 1) throw new Error('died before its commit');
          return value;
        });
        if (dies === 2) throw new Error('died after its commit');
        return result;
      },
    };
    const { run } = await startAll();
    for (
      let lives = 0;
      lives < 200 && (await operations.redrives.show(run.runId)).state === 'running';
      lives += 1
    ) {
      const runner = new RedriveRunner({ place: dying, log: quietLog, now: Date.now, everyMs: 5 });
      const before = steps;
      runner.start();
      await eventually(
        async () => steps > before || (await operations.redrives.show(run.runId)).state !== 'running',
      );
      await runner.close();
    }
    expect((await ended(run.runId, 'finished')).counts).toMatchObject({ handled: 30, failed: 0 });
    expect(await count('effects')).toBe(30);
    expect(await count('outbox', `fact_name = 'messages.redriven.v1'`)).toBe(30);
    expect(await count('outbox', `target is not null`)).toBe(30 + 58); // and the halves of the bulk message
  }, 60_000);

  it('pauses, keeps what it has, and stops with the rest open', async () => {
    await park(20);
    two.onHeard = record;
    const { run } = await startAll(ada, { ...fast, perSecond: 1 });
    const paused = await operations.redrives.pause(run.runId, bob);
    expect(paused).toMatchObject({ state: 'paused', haltedBecause: 'paused by bob: the cause is mended' });
    await expect(operations.redrives.pause(run.runId, bob)).rejects.toMatchObject({ code: 'redrive.paused' });
    const left = await count('dead_letters', `state = 'redriving'`);
    expect(left).toBeGreaterThan(15);
    await operations.redrives.stop(run.runId, bob);
    expect(await count('dead_letters', `state = 'open'`)).toBe(left);
    await eventually(async () => (await count('effects')) === 20 - left);
    await expect(operations.redrives.stop(run.runId, bob)).rejects.toMatchObject({ code: 'redrive.stopped' });
    await expect(operations.redrives.stop(uuidV7(), bob)).rejects.toMatchObject({ kind: 'unknown' });
  });

  it('processes an edited message once, with a second person, and knows the original for ever', async () => {
    const [id] = await park(1);
    const { body } = (await operations.edits.editable(id!)) as { body: RequestsHeldBody };
    const broken = { ...body, requests: [{ ...body.requests[0], billedCents: 'much', guessed: 1 }] };
    expect((await operations.edits.check(id!, broken)).faults).toContain('requests.0.billedCents:isInt');
    await expect(operations.edits.propose(id!, { ...ada, body: broken })).rejects.toMatchObject({
      kind: 'invalid',
      code: 'edit.breaks-contract',
    });
    await expect(operations.edits.propose(id!, { ...ada, body })).rejects.toMatchObject({
      code: 'edit.nothing-changed',
    });

    const edited = { ...body, requests: [{ ...body.requests[0]!, claimId: 'EDITED' }] };
    const proposal = await operations.edits.propose(id!, { ...ada, body: edited });
    expect(proposal.changes).toEqual([
      { path: '/requests/0/claimId', kind: 'replaced', from: 'C0', to: 'EDITED' },
    ]);
    await expect(operations.edits.propose(id!, { ...bob, body: edited })).rejects.toMatchObject({
      code: 'edit.waiting',
    });
    await expect(operations.edits.approve(proposal.proposalId, { by: ' ADA ' })).rejects.toMatchObject({
      kind: 'forbidden',
      code: 'edit.second-person',
    });
    const claimIds: string[] = [];
    two.onHeard = async (heardBody, heard) => {
      claimIds.push(heardBody.requests[0]!.claimId);
      await record(heardBody, heard);
    };
    const approvals = await Promise.allSettled([
      operations.edits.approve(proposal.proposalId, { by: 'bob' }),
      operations.edits.approve(proposal.proposalId, { by: 'eve' }),
    ]);
    expect(approvals.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await eventually(async () => (await count('effects')) === 1);
    expect(claimIds).toEqual(['EDITED']);

    const [letter] = await two.hearing.database.query<{ envelope: Envelope; body: Buffer }>(
      `select envelope, body from dead_letters`,
    );
    await two.publishRaw(letter!.body, toProperties(letter!.envelope));
    await say(aHeldBody(1)); // behind it
    await eventually(async () => (await count('effects')) === 2);
    expect(claimIds).toEqual(['EDITED', 'C0']);
    const shown = await operations.deadLetters.show(id!);
    expect(shown.state).toBe('edited');
    expect(shown.history.map(({ act, outcome }) => [act, outcome?.outcome])).toEqual([
      ['edit-proposed', undefined],
      ['edited', 'handled'],
    ]);
    const [said] = await two.hearing.database.query<{ cause: string }>(
      `select causation_id as cause from outbox where message_id = $1`,
      [shown.history[1]!.editedMessageId],
    );
    expect(said!.cause).toBe(letter!.envelope.id);
    expect(await count('edit_proposals', 'body is not null')).toBe(0);
    await expect(operations.edits.propose(id!, { ...ada, body: edited })).rejects.toMatchObject({
      code: 'dead-letter.not-open',
      facts: { state: 'edited' },
    });
  });

  it('refuses an edit when something else was decided meanwhile', async () => {
    const [id] = await park(1);
    const { body } = (await operations.edits.editable(id!)) as { body: RequestsHeldBody };
    const propose = () =>
      operations.edits.propose(id!, { ...ada, body: { ...body, submissionId: uuidV7() } });
    const first = await propose();
    await operations.edits.refuse(first.proposalId, { by: 'ada', reason: 'a mistake' });
    await expect(operations.edits.approve(first.proposalId, { by: 'bob' })).rejects.toMatchObject({
      code: 'edit.decided',
      facts: { state: 'refused' },
    });
    const second = await propose();
    await operations.deadLetters.discard(id!, bob);
    await expect(operations.edits.approve(second.proposalId, { by: 'bob' })).rejects.toMatchObject({
      code: 'edit.decided',
      facts: { state: 'overtaken' },
    });
    expect(await count('edit_proposals', 'body is not null')).toBe(0);
    expect((await operations.deadLetters.show(id!)).state).toBe('discarded');
    expect(await count('outbox', `fact_name = 'messages.discarded.v1'`)).toBe(1);
  });

  it('tells what became of every redrive', async () => {
    const [id] = await park(1);
    await operations.deadLetters.redrive(id!, ada);
    await eventually(
      async () => (await count('dead_letters', `state = 'open' and jsonb_array_length(attempts) = 2`)) === 1,
    );
    two.onHeard = async () => {
      throw new RetryLater('test.busy');
    };
    await operations.deadLetters.redrive(id!, bob);
    await eventually(async () => (await count('retries')) === 1);
    const outcomes = async () =>
      (await operations.deadLetters.show(id!)).history.map(({ by, outcome }) => [by, outcome?.outcome]);
    expect(await outcomes()).toEqual([
      ['ada', 'failed'],
      ['bob', 'retrying'],
    ]);
    two.onHeard = record;
    const [retry] = (await operations.retries.list({ limit: 10 })).retries;
    expect(retry).toMatchObject({
      factName: 'requests.held.v1',
      isBegun: false,
      lastError: { code: 'test.busy' },
    });
    await operations.retries.hurry(retry!.messageId, ada);
    await eventually(async () => (await count('effects')) === 1);
    expect(await outcomes()).toEqual([
      ['ada', 'failed'],
      ['bob', 'handled'],
    ]);
    const { deadLetters } = await operations.deadLetters.list(
      { text: retry!.messageId.slice(0, 20) },
      { limit: 5 },
    );
    expect(deadLetters).toMatchObject([{ state: 'redriven', outcome: { outcome: 'handled' } }]);
    await expect(operations.retries.hurry(retry!.messageId, ada)).rejects.toMatchObject({
      code: 'retry.unknown',
    });
  });

  it('parks a retry that is cancelled; a bulk message is at a good end when all of its parts are', async () => {
    two.onHeard = async () => {
      throw new RetryLater('test.busy');
    };
    await say(aHeldBody(4));
    await eventually(async () => (await count('retries')) === 1);
    const [retry] = (await operations.retries.list({ limit: 10 })).retries;
    const { deadLetterId } = await operations.retries.cancel(retry!.messageId, ada);
    const bulk = await operations.deadLetters.show(deadLetterId);
    expect(bulk).toMatchObject({ state: 'open', errorCode: 'retry.cancelled' });
    expect(await count('retries')).toBe(0);
    expect(await count('outbox', `fact_name = 'retries.cancelled.v1'`)).toBe(1);

    two.onHeard = async (body, heard) => {
      if (body.requests.some(({ claimId }) => claimId === 'C2')) throw new CannotProceed('test.poison');
      await record(body, heard);
    };
    await operations.deadLetters.redrive(deadLetterId, ada);
    await eventually(async () => (await count('effects')) === 3);
    const outcome = async () => (await operations.deadLetters.show(deadLetterId)).history.at(-1)!.outcome!;
    const failed = await eventually(async () =>
      (await outcome()).outcome === 'failed' ? outcome() : undefined,
    );
    expect(failed.code).toBe('test.poison');

    two.onHeard = record;
    await operations.deadLetters.redrive(failed.deadLetterId!, bob);
    await eventually(async () => (await outcome()).outcome === 'handled');
    expect(await count('effects')).toBe(4);
  });
});
