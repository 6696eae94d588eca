import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { RequestsHeld, RequestsSubmitted, RequestsSubmittedBody } from '@remitflow/contracts';
import { CannotProceed, RetryLater, uuidV7 } from '@remitflow/kernel';
import { Hears, type Heard, type MessagingRuntime } from '@remitflow/messaging';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { ServiceConfig } from './config.ts';
import { defineService } from './define-service.ts';

let mood: 'refuses' | 'is busy' | 'works' = 'works';
const handled: string[] = [];

@Controller()
class Handler {
  @Hears(RequestsSubmitted)
  async on(@Payload() body: RequestsSubmittedBody, @Ctx() _heard: Heard): Promise<void> {
    if (mood === 'refuses') throw new CannotProceed('test.poison');
    if (mood === 'is busy') throw new RetryLater('test.busy');
    handled.push(...body.requests.map(({ claimId }) => claimId));
  }
}

@Module({ controllers: [Handler] })
class ValidationLike {}

const golden = new URL('../../contracts/golden/requests.submitted.v1.json', import.meta.url);
const sample = JSON.parse(readFileSync(golden, 'utf8')) as RequestsSubmittedBody;

/** A service like validation, operated over HTTP as people do it. */
describe('operating a service over HTTP', () => {
  let service: TestService;
  let intake: MessagingRuntime;
  const empty = mkdtempSync(join(tmpdir(), 'no-migrations-'));

  beforeAll(async () => {
    const definition = defineService({
      name: 'validation',
      hears: [RequestsSubmitted],
      says: [RequestsHeld],
      config: ServiceConfig,
      migrations: empty,
    });
    service = await openTestService({ definition, module: ValidationLike }, { LOG_LEVEL: 'silent' });
    intake = await service.speakAs('intake', [RequestsSubmitted]);
  }, 60_000);

  beforeEach(async () => {
    handled.length = 0;
    await service.database.query(
      'truncate retries, dead_letters, dead_letter_acts, redrive_runs, redrive_items, edit_proposals',
    );
  });

  afterAll(async () => {
    await service.close();
    rmSync(empty, { recursive: true });
  });

  /** What a service answers; looked into as it comes. */
  type Answer = { status: number; total?: number; body: ReturnType<typeof JSON.parse> };

  const get = async (path: string): Promise<Answer> => {
    const response = await fetch(`${service.url}/ops${path}`);
    const total = Number(response.headers.get('x-total-count'));
    return { status: response.status, total, body: await response.json() };
  };
  const post = async (path: string, body: object): Promise<Answer> => {
    const response = await fetch(`${service.url}/ops${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
    return { status: response.status, body: await response.json() };
  };

  const say = (): Promise<string> =>
    intake.work(async ({ outbox }) => {
      const body = { ...sample, submissionId: uuidV7(), requests: [sample.requests[0]!] };
      return outbox.add(RequestsSubmitted, body);
    });

  const park = async (letters: number): Promise<string[]> => {
    mood = 'refuses';
    const said = await Promise.all(Array.from({ length: letters }, say));
    await eventually(async () => (await get('/dead-letters?limit=1')).total === letters);
    mood = 'works';
    return said;
  };

  const letters = async (
    query = '',
  ): Promise<{ deadLetterId: string; messageId: string; subject: string }[]> =>
    (await get(`/dead-letters?${query}`)).body;

  const ada = { by: 'ada', reason: 'because' };

  it('shows dead letters by cause, by page and by what is known of them, and nothing personal', async () => {
    const said = await park(5);
    const { body: groups } = await get('/dead-letters/groups');
    expect(groups).toMatchObject([
      { errorCode: 'test.poison', letters: 5, states: { open: 5 }, facts: ['requests.submitted.v1'] },
    ]);
    expect(await letters(`group=${groups[0].group}&limit=2`)).toHaveLength(2);
    const seen: string[] = [];
    for (let after = ''; ;) {
      const page = await letters(`limit=2${after}`);
      seen.push(...page.map(({ deadLetterId }) => deadLetterId));
      if (page.length < 2) break;
      after = `&after=${page.at(-1)!.deadLetterId}`;
    }
    expect(new Set(seen).size).toBe(5);
    const [found] = await letters(`text=${said[3]!.toUpperCase()}`);
    expect(found!.messageId).toBe(said[3]);
    expect(await letters(`text=${found!.subject}`)).toHaveLength(1);
    expect(await letters('fact=requests.held.v1')).toEqual([]);

    const { body: shown } = await get(`/dead-letters/${found!.deadLetterId}`);
    expect(shown).toMatchObject({ state: 'open', attempts: [{ code: 'test.poison' }], history: [] });
    const csv = await (await fetch(`${service.url}/ops/dead-letters/export`)).text();
    expect(csv.trim().split('\r\n')).toHaveLength(6);
    const json = await get('/dead-letters/export?format=json&state=open');
    expect(json.body).toHaveLength(5);
    expect(json.body[0].body.requests[0].claimId).toBe('PCN-0001');
    const { body: editable } = await get(`/dead-letters/${found!.deadLetterId}/editable`);
    expect(JSON.stringify([shown, csv, json.body, editable])).not.toMatch(/SAMPLE|TST000|J069|1980-02-29/);
  });

  it('redrives what was shown, and tells a second person what is under way', async () => {
    await park(3);
    const wanted = { ...ada, group: (await get('/dead-letters/groups')).body[0].group, perSecond: 1 };
    expect(await post('/redrives', { ...wanted, expected: 4 })).toMatchObject({
      status: 409,
      body: { code: 'redrive.count-changed', letters: 3 },
    });
    const started = await post('/redrives', { ...wanted, expected: 3 });
    expect(started).toMatchObject({
      status: 202,
      body: { run: { state: 'running', counts: { letters: 3 } } },
    });
    const { runId } = started.body.run;
    const second = await post('/redrives', { ...wanted, by: 'bob' });
    expect(second).toMatchObject({
      status: 409,
      body: { code: 'redrive.under-way', underWay: [{ runId, by: 'ada' }] },
    });
    await post(`/redrives/${runId}/stop`, ada);
    const { status, body } = await post(`/redrives/${runId}/resume`, ada);
    expect([status, body.state]).toEqual([200, 'running']);
    await eventually(async () => (await get(`/redrives/${runId}`)).body.state === 'finished');
    expect(handled).toHaveLength(3);
    expect((await get('/redrives')).body[0]).toMatchObject({ runId, counts: { handled: 3 } });
    expect(await letters('state=redriven')).toMatchObject(Array(3).fill({ outcome: { outcome: 'handled' } }));
    const ids = (await letters('state=redriven')).map(({ deadLetterId }) => deadLetterId);
    expect(await post('/redrives', { ...ada, ids })).toMatchObject({
      status: 409,
      body: { code: 'dead-letter.not-open', state: 'redriven' },
    });
  });

  it.each([
    ['no selection', {}, 'redrive.selection'],
    ['two selections', { all: true, fact: 'x.y.v1' }, 'redrive.selection'],
    ['no person', { all: true, by: ' ' }, 'request.invalid'],
    ['a rate beyond the limit', { all: true, perSecond: 501 }, 'request.invalid'],
    ['what is no id', { ids: ['x'] }, 'request.invalid'],
  ])('refuses a redrive with %s', async (_, input, code) => {
    expect(await post('/redrives', { ...ada, ...input })).toMatchObject({ status: 400, body: { code } });
  });

  it('takes an edit by one person, and processes it when another agrees', async () => {
    await park(1);
    const [letter] = await letters();
    const path = `/dead-letters/${letter!.deadLetterId}`;
    const { body } = (await get(`${path}/editable`)).body;
    const edited = { ...body, requests: [{ ...body.requests[0], claimId: 'PCN-EDITED' }] };
    edited.requests[0].patient.lastName = 'NEWNAME';
    expect((await post(`${path}/edits/check`, { body: { ...edited, part: -1 } })).body.faults).toEqual([
      'part:min',
    ]);
    expect(await post(`${path}/edits`, { ...ada, body: { ...edited, part: -1 } })).toMatchObject({
      status: 422,
      body: { code: 'edit.breaks-contract', faults: ['part:min'] },
    });
    const proposal = await post(`${path}/edits`, { ...ada, body: edited });
    expect(proposal).toMatchObject({ status: 201, body: { state: 'waiting' } });
    expect(proposal.body.changes).toEqual([
      { path: '/requests/0/claimId', kind: 'replaced', from: 'PCN-0001', to: 'PCN-EDITED' },
      { path: '/requests/0/patient/lastName', kind: 'replaced', from: '•••', to: '•••' },
    ]);
    const edit = `/edits/${proposal.body.proposalId}`;
    expect((await get(`${path}`)).body.proposal.proposalId).toBe(proposal.body.proposalId);
    expect(await post(`${edit}/approve`, { by: 'Ada' })).toMatchObject({
      status: 403,
      body: { code: 'edit.second-person' },
    });
    expect((await post(`${edit}/approve`, { by: 'bob' })).status).toBe(200);
    await eventually(() => handled.length === 1);
    expect(handled).toEqual(['PCN-EDITED']);
    expect(await post(`${edit}/reject`, ada)).toMatchObject({ status: 409, body: { code: 'edit.decided' } });
    const { body: said } = await get(`${path}`);
    expect(said.history.at(-1)).toMatchObject({ act: 'edited', by: 'bob', outcome: { outcome: 'handled' } });
    const facts = await service.database.query<{ body: Buffer | null }>(
      `select body from outbox where fact_name like 'messages.edit%'`,
    );
    expect(facts).toHaveLength(2);
  });

  it('runs and cancels retries; what is cancelled is parked', async () => {
    mood = 'is busy';
    const [one, other] = [await say(), await say()];
    await eventually(async () => (await get('/retries')).total === 2);
    mood = 'works';
    expect((await post(`/retries/${one}/run`, { by: 'ada' })).status).toBe(202);
    await eventually(() => handled.length === 1);
    const cancelled = await post(`/retries/${other}/cancel`, ada);
    expect(cancelled.status).toBe(200);
    const { body } = await get(`/dead-letters/${cancelled.body.deadLetterId}`);
    expect(body).toMatchObject({ state: 'open', errorCode: 'retry.cancelled', messageId: other });
    expect((await post(`/dead-letters/${cancelled.body.deadLetterId}/redrive`, { by: 'ada' })).status).toBe(
      202,
    );
    await eventually(() => handled.length === 2);
    expect(await post(`/retries/${other}/cancel`, ada)).toMatchObject({
      status: 404,
      body: { code: 'retry.unknown' },
    });
  });

  it('discards with a reason, and answers what is not there or not open', async () => {
    await park(1);
    const [letter] = await letters();
    const path = `/dead-letters/${letter!.deadLetterId}`;
    expect((await post(`${path}/discard`, { by: 'ada' })).status).toBe(400);
    expect((await post(`${path}/discard`, ada)).body).toMatchObject({ state: 'discarded' });
    expect(await post(`${path}/redrive`, { by: 'ada' })).toMatchObject({
      status: 409,
      body: { code: 'dead-letter.not-open', state: 'discarded' },
    });
    for (const unknown of [`/dead-letters/${uuidV7()}`, `/redrives/${uuidV7()}`, `/edits/${uuidV7()}`]) {
      expect((await get(unknown)).status).toBe(404);
    }
    expect((await get('/queues')).body).toMatchObject({
      service: 'validation',
      outbox: { oldestAgeMs: expect.any(Number) },
      queues: [{ name: 'remitflow.validation', depth: 0, consumers: 1 }, {}, {}],
      deadLetters: { open: 0 },
      retries: { pending: 0 },
    });
  });

  it('describes everything that can be asked and done', async () => {
    type Described = { paths: Record<string, Record<string, { summary?: string }>> };
    const { paths } = (await (await fetch(`${service.url}/openapi.json`)).json()) as Described;
    const operations = Object.entries(paths).filter(([path]) => path.startsWith('/ops/'));
    expect(operations.length).toBeGreaterThan(20);
    for (const [path, methods] of operations)
      for (const { summary } of Object.values(methods))
        expect([path, summary]).toEqual([path, expect.any(String)]);
  });
});
