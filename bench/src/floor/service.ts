/**
 * One service without any logic: `node service.js <name> <database URL> <broker URL> <copy|unnest>`. It writes the rows that a
 * message leads to, an inbox and an outbox row in the same transaction, publishes with confirms and acknowledges.
 */
import { createHash, randomUUID } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import amqp from 'amqplib';
import pg from 'pg';
import { decidedRequest } from '../solo/requests.ts';
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
const bulk = 500;
const hears: Readonly<Record<FloorService, readonly string[]>> = {
  intake: ['approved', 'scheduled', 'posted'],
  validation: ['submitted'],
  payout: ['approved'],
  remittance: ['approved', 'scheduled'],
  audit: ['submitted', 'approved', 'scheduled', 'posted'],
};

/** Made once: the floor turns no object into text, and none back. The bytes of the body are those of 500 priced requests. */
const body = deflateSync(JSON.stringify(Array.from({ length: bulk }, (_, n) => decidedRequest(n))), {
  level: 1,
});
const digest = createHash('sha256').update(body).digest();

const client = new pg.Client({ connectionString: databaseUrl });
await client.connect();
await client.query(tablesOf[name]);
const broker = await amqp.connect(brokerUrl);
const channel = await broker.createConfirmChannel();
await channel.assertExchange(exchange, 'topic', { durable: true });
await channel.assertQueue(`floor.${name}`, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
for (const key of hears[name]) await channel.bindQueue(`floor.${name}`, exchange, key);
await channel.prefetch(8);

let handled = 0;
let turn: Promise<void> = Promise.resolve();
await channel.consume(`floor.${name}`, (message) => {
  if (!message) return;
  turn = turn.then(async () => {
    await handle(message);
    channel.ack(message);
    handled += 1;
    process.send?.({ handled });
  });
});

process.on('message', ({ submit, close }: { submit?: number; close?: boolean }) => {
  if (submit) turn = turn.then(() => readFile(submit));
  if (close) turn = turn.then(closeCycle);
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');

type Message = amqp.ConsumeMessage;

async function readFile(claims: number): Promise<void> {
  for (let from = 1; from <= claims; from += bulk) {
    const ids = Array.from({ length: Math.min(bulk, claims - from + 1) }, () => randomUUID());
    await commit({ rows: [rows.requestRows(ids, from)], says: 'submitted', ids, from });
  }
}

async function closeCycle(): Promise<void> {
  const found = await client.query<{ ids: string[] }>(
    `select array_agg(request_id) as ids from (
       select request_id, (row_number() over () - 1) / ${bulk} as part from payables where payment_id is null) parts
     group by part`,
  );
  for (const { ids } of found.rows) {
    const paymentId = randomUUID();
    const update = (): Promise<unknown> =>
      client.query(`update payables set payment_id = $2 where request_id = any($1::uuid[])`, [
        ids,
        paymentId,
      ]);
    await commit({ rows: [], update, says: 'scheduled', ids, from: 1 });
  }
}

/** Ids travel beside the body, since nobody opens that. */
async function handle({ fields, properties }: Message): Promise<void> {
  const { ids, from } = readIds((properties.headers as { claims: string }).claims);
  const heard = { messageId: properties.messageId as string, fact: fields.routingKey };
  await commit({ ...effects[name](ids, { from, ...heard }), ids, from, heard });
}

type Effects = { rows: readonly Rows[]; update?: () => Promise<unknown>; says?: string };
type Commit = Effects & { ids: readonly string[]; from: number; heard?: { messageId: string; fact: string } };
type About = { readonly from: number; readonly messageId: string; readonly fact: string };

const effects: Readonly<Record<FloorService, (ids: readonly string[], about: About) => Effects>> = {
  intake: (ids, { fact }) => ({
    rows: [],
    update: () =>
      client.query(
        `update requests set status = $2, rank = rank + 1, changed_at = now() where request_id = any($1::uuid[])`,
        [ids, fact],
      ),
  }),
  validation: (ids, { from }) => ({ rows: rows.decisionRows(ids, from), says: 'approved' }),
  payout: (ids, { from }) => ({ rows: rows.payableRows(ids, from) }),
  remittance: (ids, { from, fact, messageId }) =>
    fact === 'approved'
      ? { rows: [rows.decidedRows(ids, from)] }
      : {
          rows: [rows.scheduledRows(ids, messageId), rows.remittedRows(ids, messageId)],
          says: 'posted',
        },
  audit: (ids, { fact, messageId }) => ({
    rows: [
      rows.subjectRows(ids, messageId),
      ...(fact === 'scheduled' ? [rows.requestPaymentRows(ids, messageId)] : []),
    ],
    update: () =>
      client.query(
        `insert into events (message_id, stream, sequence, type, subject, body_digest, body, previous_hash, hash)
         values ($1::uuid, $1::text, 1, $2, $1::text, $3, $4, $3, $3)`,
        [messageId, fact, digest, body],
      ),
  }),
};

async function commit({ rows: written, update, says, ids, from, heard }: Commit): Promise<void> {
  const messageId = randomUUID();
  await client.query('begin');
  if (heard)
    await client.query(
      `insert into inbox (message_id, fact_name, digest, outcome) values ($1, $2, $3, 'done')`,
      [heard.messageId, heard.fact, digest],
    );
  for (const one of written) await writeRows(client, one, writing);
  await update?.();
  if (says)
    await client.query(
      `insert into outbox (message_id, fact_name, subject, correlation_id, digest, body) values ($1::uuid, $2, $1::text, $1::uuid, $3, $4)`,
      [messageId, says, digest, body],
    );
  await client.query('commit');
  if (says) publish(says, { messageId, ids, from });
}

/** Confirmed while the next one is worked on, as the product's relay does; the row is then marked. */
function publish(
  key: string,
  { messageId, ids, from }: { messageId: string; ids: readonly string[]; from: number },
): void {
  const headers = { claims: `${from} ${ids.join('')}` };
  channel.publish(exchange, key, body, { persistent: true, mandatory: true, messageId, headers }, (error) => {
    if (error) throw error as Error;
    turn = turn.then(async () => {
      await client.query(`update outbox set published_at = now(), body = null where message_id = $1`, [
        messageId,
      ]);
    });
  });
}

function readIds(text: string): { ids: string[]; from: number } {
  const [from, joined = ''] = text.split(' ');
  return { from: Number(from), ids: joined.match(/.{36}/g) ?? [] };
}
