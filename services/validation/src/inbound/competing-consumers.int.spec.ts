import { afterEach, describe, expect, it } from '@jest/globals';
import {
  RequestsApproved,
  RequestsDenied,
  RequestsHeld,
  RequestsRejected,
  RequestsSubmitted,
  type FactContract,
  type RequestsSubmittedBody,
  type SubmittedRequest,
} from '@remitflow/contracts';
import { cents, generateSealingKeys, remitflowNamespace, uuidV5 } from '@remitflow/kernel';
import {
  brokerLogins,
  messageTables,
  MessagingRuntime,
  provisionBroker,
  withLogin,
  type Dispatch,
} from '@remitflow/messaging';
import { migrateService, openService, readConfig } from '@remitflow/service';
import { eventually, openTestBroker, openTestDatabase, quietLog } from '@remitflow/testing';
import { aLine, aRequest, npiOf } from '../domain/payment-request.builder.ts';
import { validation, ValidationModule } from '../validation.module.ts';

const bills = 240;
const partSize = 40;
const parts = 24;
const [percentNpi, nothingNpi] = [npiOf(1), npiOf(2)] as [string, string];

/** Every bill comes several times, mostly in different parts; some parts come twice, some in pieces of another cut. */
describe('two processes at one queue', () => {
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  }, 60_000);

  it('come to the same totals as one: a bill has one winner, a request is decided and said once', async () => {
    const alone = await judgeStream(1);
    const together = await judgeStream(2);
    expect(alone.totals).toMatchObject({
      requests: parts * partSize,
      saidTwice: 0,
      bills,
      takers: bills,
      strangers: 0,
      winners: { '1 a bill': bills },
    });
    expect(together.totals).toEqual(alone.totals);
    expect(together.handledByEach.every((handled) => handled > 0)).toBe(true);
  }, 180_000);

  async function judgeStream(processes: number) {
    const { urls, database, intake, said } = await open(processes);
    await importPayees(urls[0]!);
    const messages = stream();
    await Promise.all(
      messages.map((body) => intake.work(async ({ outbox }) => outbox.add(RequestsSubmitted, body))),
    );
    const handled = () => Promise.all(urls.map(handledBy));
    await eventually(async () => sum(await handled()) >= messages.length, 90_000);
    await eventually(() => said.size >= parts * partSize, 60_000);
    const outcomes = await database.query<{ outcome: string; n: number; paid: number | null }>(
      `select outcome, count(*)::int as n, sum(paid_cents)::float8 as paid from decisions group by outcome order by 1`,
    );
    const [taken] = await database.query<{ bills: number; takers: number; strangers: number }>(
      `select count(*)::int as bills, count(distinct b.request_id)::int as takers,
              count(*) filter (where d.outcome = 'rejected')::int as strangers
       from bill_history b join decisions d on d.request_id = b.request_id`,
    );
    const times = [...said.values()];
    const totals = {
      ...taken!,
      outcomes,
      requests: said.size,
      saidTwice: times.filter(({ length }) => length > 1).length,
      saidAs: countOf(times.flat()),
      winners: winnersOf(said, messages),
    };
    return { totals, handledByEach: await handled() };
  }

  async function open(processes: number) {
    const broker = await openTestBroker();
    closers.push(broker.drop);
    const { logins, monitor } = brokerLogins(broker.vhost, () => 'test');
    await provisionBroker(broker.url, { managementUrl: broker.managementUrl, logins, monitor });
    const [own, others] = [await openTestDatabase([]), await openTestDatabase(messageTables())];
    closers.push(own.drop, others.drop);
    const config = readConfig(validation.config, {
      DATABASE_URL: own.url,
      RABBITMQ_URL: withLogin(broker.url, logins.validation),
      LOG_LEVEL: 'error',
      SEAL_PUBLIC_KEY: generateSealingKeys().publicKey,
      ACCOUNT_KEYS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
      ACCOUNT_INDEX_KEY: Buffer.alloc(32, 9).toString('base64'),
    });
    await migrateService(validation, config);
    const urls: string[] = [];
    for (let process = 0; process < processes; process += 1) {
      const { app } = await openService({ definition: validation, module: ValidationModule }, config);
      closers.push(() => app.close());
      await app.listen(0, '127.0.0.1');
      urls.push(await app.getUrl());
    }
    const said = new Map<string, string[]>();
    const listen: Dispatch = async (contract, body) => note(said, contract, body);
    const intake = new MessagingRuntime({
      service: 'intake',
      says: [RequestsSubmitted],
      brokerUrl: broker.url,
      database: others.database,
      log: quietLog,
    });
    intake.start(listen);
    closers.push(() => intake.close());
    for (const url of urls) await eventually(async () => (await fetch(`${url}/health/ready`)).ok);
    await eventually(() => !intake.unreadiness());
    return { urls, database: own.database, intake, said };
  }
});

const decisionsSaid: readonly FactContract[] = [
  RequestsApproved,
  RequestsDenied,
  RequestsHeld,
  RequestsRejected,
];

function note(said: Map<string, string[]>, contract: FactContract, body: object): void {
  if (!decisionsSaid.includes(contract)) return;
  for (const { requestId } of (body as { requests: { requestId: string }[] }).requests) {
    said.set(requestId, [...(said.get(requestId) ?? []), contract.type]);
  }
}

async function importPayees(url: string): Promise<void> {
  const rows = [
    'npi,tax_id,name,routing,account,pricing,percent',
    `${percentNpi},123456789,Elm Street,021000021,5550001,percent,80`,
    `${nothingNpi},123456789,Ash Clinic,021000021,5550002,percent,0`,
  ];
  const headers = { 'content-type': 'text/csv' };
  const answer = await fetch(`${url}/payees/import`, { method: 'POST', headers, body: rows.join('\n') });
  expect(await answer.json()).toMatchObject({ imported: 2, refused: [] });
}

/** How many messages of the stream a process has taken to their end. */
async function handledBy(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const count = /remitflow_messages_handled_total\{[^}]*outcome="done"[^}]*requests\.submitted[^}]*\} (\d+)/;
  const turned = /remitflow_messages_handled_total\{[^}]*requests\.submitted[^}]*outcome="done"[^}]*\} (\d+)/;
  return Number((count.exec(text) ?? turned.exec(text))?.[1] ?? 0);
}

/** The parts, every fourth of them a second time, and the first halves of the others as messages of their own. */
function stream(): RequestsSubmittedBody[] {
  const all = Array.from({ length: parts }, (_, part) => partOf(part));
  return all.flatMap((body, part) => [
    body,
    part % 4 === 0 ? body : { ...body, requests: body.requests.slice(0, partSize / 2).reverse() },
  ]);
}

const partOf = (part: number): RequestsSubmittedBody => ({
  submissionId: uuidV5(remitflowNamespace, `part ${part}`),
  part: 1,
  receivedOn: '2026-11-22',
  requests: Array.from({ length: partSize }, (_, place) => requestFor(billAt(part, place), { part, place })),
});

/** Parts meet each other at many bills, and in another order. */
const billAt = (part: number, place: number): number =>
  (part * 17 + (part % 2 === 0 ? place : place * 7)) % bills;

function requestFor(bill: number, { part, place }: { part: number; place: number }): SubmittedRequest {
  const charge = bill % 17 === 0 ? cents(20_000_00) : cents(100_00 + bill);
  const request = aRequest({
    requestId: uuidV5(remitflowNamespace, `part ${part}/${place}`),
    position: place + 1,
    claimId: `P${part}-${place}`,
    billingProvider: { npi: bill % 20 === 0 ? nothingNpi : percentNpi },
    subscriber: { memberId: `M${bill}` },
    billedCents: isWrong(part, place) ? cents(charge + 1) : charge,
    lines: [aLine({ chargeCents: charge })],
  });
  return { ...request, diagnoses: [] } as unknown as SubmittedRequest;
}

const isWrong = (part: number, place: number): boolean => (part * 31 + place) % 23 === 0;

/** Each accepted bill with how many requests were accepted for it: one, always. */
function winnersOf(
  said: ReadonlyMap<string, readonly string[]>,
  messages: readonly RequestsSubmittedBody[],
): Record<string, number> {
  const members = new Map(
    messages.flatMap(({ requests }) =>
      requests.map(({ requestId, subscriber }) => [requestId, subscriber.memberId!] as const),
    ),
  );
  const winners = [...said].filter(([, [type]]) => type !== RequestsRejected.type);
  return countOf(
    countsIn(winners.map(([requestId]) => members.get(requestId)!)).map((count) => `${count} a bill`),
  );
}

const countsIn = (names: readonly string[]): number[] => Object.values(countOf(names));

const countOf = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    [...new Set(names)].sort().map((name) => [name, names.filter((one) => one === name).length]),
  );

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
