/**
 * One service without any logic: `node service.js <name> <database URL> <broker URL> <copy|unnest>`. It writes the rows that
 * a message leads to, an inbox and an outbox row in the same transaction, publishes with confirms and acknowledges.
 */
import { randomUUID } from 'node:crypto';
import amqp from 'amqplib';
import pg from 'pg';
import { bodies, type Fact } from './bodies.ts';
import { idsOf, partsOf, partText, paymentsOf, readPart, type Part } from './part.ts';
import * as rows from './rows.ts';
import { tablesOf, type FloorService, type Rows } from './tables.ts';
import { writeRows, type Writing } from './write-rows.ts';

const [, , name, databaseUrl, brokerUrl, writing] = process.argv as unknown as [
  string,
  string,
  FloorService,
  string,
  string,
  Writing,
];

const exchange = 'floor';
/** As many messages at a time as keep two cores busy while others wait for the disk. */
const lanes = 2;
const hears: Readonly<Record<FloorService, readonly Fact[]>> = {
  intake: ['approved', 'scheduled', 'posted'],
  validation: ['submitted'],
  payout: ['approved'],
  remittance: ['approved', 'scheduled'],
  audit: ['submitted', 'approved', 'scheduled', 'posted'],
};

const clients = await Promise.all(
  Array.from({ length: lanes }, async () => {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    return client;
  }),
);
await clients[0]!.query(tablesOf[name]);
const broker = await amqp.connect(brokerUrl);
const channel = await broker.createConfirmChannel();
await channel.assertExchange(exchange, 'topic', { durable: true });
await channel.assertQueue(`floor.${name}`, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
for (const key of hears[name]) await channel.bindQueue(`floor.${name}`, exchange, key);
await channel.prefetch(4 * lanes);

let handled = 0;
const turns: Promise<void>[] = clients.map(() => Promise.resolve());
let last = 0;

/** Work on one connection is done one after the other, and the connections take turns. */
function inTurn(work: (client: pg.Client) => Promise<void>): void {
  const lane = (last = (last + 1) % lanes);
  turns[lane] = turns[lane]!.then(() => work(clients[lane]!));
}

await channel.consume(`floor.${name}`, (message) => {
  if (!message) return;
  inTurn(async (client) => {
    await handle(client, message);
    channel.ack(message);
    handled += 1;
    process.send?.({ handled });
  });
});

process.on('message', ({ submit, close }: { submit?: number; close?: boolean }) => {
  if (submit) readFile(submit);
  if (close) void closeCycle();
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');

type Message = amqp.ConsumeMessage;
type Heard = { readonly messageId: string; readonly fact: Fact };

function readFile(claims: number): void {
  const submissionId = randomUUID();
  for (const part of partsOf(submissionId, claims))
    inTurn((client) => commit(client, { rows: rows.submittedRows(part), says: 'submitted', part }));
}

async function closeCycle(): Promise<void> {
  const { rows: found } = await clients[0]!.query<{ submissionId: string; claims: number }>(
    `select submission_id as "submissionId", sum(requests)::int as claims from payable_parts
     where payment_id is null group by 1`,
  );
  for (const { submissionId, claims } of found) {
    for (const part of partsOf(submissionId, claims)) {
      const update = {
        text: 'update payable_parts set payment_id = gen_random_uuid() where part_id = any($1::bigint[])',
        values: [paymentsOf(part).map(rows.partIdOf)],
      };
      inTurn((client) => commit(client, { rows: [], update, says: 'scheduled', part }));
    }
  }
}

async function handle(client: pg.Client, { fields, properties }: Message): Promise<void> {
  const part = readPart((properties.headers as { part: string }).part);
  const heard = { messageId: properties.messageId as string, fact: fields.routingKey as Fact };
  await commit(client, { ...effects[name](part, heard), part, heard });
}

type Update = { readonly text: string; readonly values: readonly unknown[] };
type Effects = { readonly rows: readonly Rows[]; readonly update?: Update; readonly says?: Fact };
type Commit = Effects & { readonly part: Part; readonly heard?: Heard };

const moved = (to: string): string => `update requests set rank = rank + 1, status = '${to}',`;
const ofIds = `where request_id = any($1::uuid[]) and received_on = '2026-11-20'`;
const ofRange = `where submission_id = $1 and position between $2 and $3 and received_on = '2026-11-20'`;
const byIds = (text: string, part: Part): Update => ({ text: `${text} ${ofIds}`, values: [idsOf(part)] });

/** Outcomes are found by the range of their part, those of a payment by their keys. */
const updates: Readonly<Partial<Record<Fact, (part: Part) => Update>>> = {
  approved: ({ submissionId, from, count }) => ({
    text: `${moved('approved')} decided_at = now(), paid_cents = 11600 ${ofRange}`,
    values: [submissionId, from, from + count - 1],
  }),
  scheduled: (part) =>
    byIds(`${moved('scheduled')} scheduled_at = now(), payment_id = gen_random_uuid()`, part),
  posted: (part) => byIds(`${moved('paid')} remitted_at = now()`, part),
};

const effects: Readonly<Record<FloorService, (part: Part, heard: Heard) => Effects>> = {
  intake: (part, { fact }) => ({ rows: [], update: updates[fact]!(part) }),
  validation: (part) => ({ rows: rows.decisionRows(part), says: 'approved' }),
  payout: (part, { messageId }) => ({ rows: rows.payableRows(part, messageId) }),
  remittance: (part, { fact, messageId }) =>
    fact === 'approved'
      ? { rows: rows.decidedRows(part) }
      : { rows: rows.explainedRows(part, messageId), says: 'posted' },
  audit: (part, { fact, messageId }) => ({
    rows: fact === 'submitted' || fact === 'scheduled' ? rows.subjectRows(part, messageId) : [],
  }),
};

async function commit(
  client: pg.Client,
  { rows: written, update, says, part, heard }: Commit,
): Promise<void> {
  // a bulk fact a part, but an 835 a payment
  const said = !says ? [] : says === 'posted' ? paymentsOf(part) : [part];
  const messages = said.map((of) => ({ messageId: randomUUID(), of }));
  await client.query('begin');
  if (heard) await remember(client, heard);
  for (const one of written) await writeRows(client, one, writing);
  if (update)
    await client.query({ name: update.text.slice(0, 60), text: update.text, values: [...update.values] });
  for (const { messageId } of messages) await say(client, messageId, says!);
  await client.query('commit');
  for (const { messageId, of } of messages) publish(says!, messageId, of);
}

const say = (client: pg.Client, messageId: string, fact: Fact): Promise<unknown> =>
  client.query({
    name: 'outbox',
    text: `insert into outbox (message_id, fact_name, subject, awaiting, correlation_id, digest, body)
           values ($1::uuid, $2, $1::text, '{audit,intake}', $1::uuid, $3, $4)`,
    values: [messageId, fact, bodies[fact].digest, bodies[fact].body],
  });

/** In the inbox, and in audit's log as well. */
async function remember(client: pg.Client, { messageId, fact }: Heard): Promise<void> {
  const { digest, body } = bodies[fact];
  await client.query({
    name: 'inbox',
    text: `insert into inbox (message_id, fact_name, digest, outcome) values ($1, $2, $3, 'done')`,
    values: [messageId, fact, digest],
  });
  if (name !== 'audit') return;
  await client.query({
    name: 'events',
    text: `insert into events (message_id, month, stream, sequence, type, source, subject, time, correlation_id, body_digest,
                               stored_digest, body, previous_hash, hash)
           values ($1::uuid, '2026-11-01', $1::text, 1, $2, 'floor', $1::text, '2026-11-20T21:00:00.000Z', $1, $3, $3, $4, $3, $3)`,
    values: [messageId, fact, digest, body],
  });
}

/** Confirmed while the next one is worked on, as the product's relay does; the row is then emptied. */
function publish(fact: Fact, messageId: string, part: Part): void {
  const headers = { part: partText(part) };
  const options = { persistent: true, mandatory: true, messageId, headers };
  channel.publish(exchange, fact, bodies[fact].body, options, (error) => {
    if (error) throw error as Error;
    inTurn(async (client) => {
      await client.query(
        `update outbox set published_at = now(), awaiting = '{}', body = null where message_id = $1`,
        [messageId],
      );
    });
  });
}
