/**
 * A confirm is not a delivery: declares a queue, says facts into it, and kills the broker with SIGKILL as soon as it has
 * confirmed all of them. What the queue lost comes again for want of a receipt.
 *
 *   REMITFLOW_TEST_POSTGRES_URL=… node e2e/confirmed-but-lost.mjs [--facts 200] [--turns 3]
 *
 * Brings a broker of its own. The last line is one JSON document; the exit code is 1 when anything was not healed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  inspectTopology,
  MessagingRuntime,
  messageTables,
  provisionBroker,
  queueOf,
  repairTopology,
  topologyOf,
  unobserved,
} from '@remitflow/messaging';
import { RequestsHeld, SubmissionsReceived } from '@remitflow/contracts';
import { aHeldBody, eventually, openTestDatabase, quietLog } from '@remitflow/testing';
import { connect } from 'amqplib';
import { openOwnNode } from './conformance/own-node.mjs';
import { openHerd } from './nemesis/herd.mjs';

const { values } = parseArgs({
  options: { facts: { type: 'string', default: '200' }, turns: { type: 'string', default: '3' } },
});
const facts = Number(values.facts);
const healsWithinMs = 120_000;
const stateDir = mkdtempSync(join(tmpdir(), 'remitflow-lost-'));
const cacheDir = process.env.REMITFLOW_CACHE ?? resolve(import.meta.dirname, '..', '.remitflow', 'cache');
const say = (text) => process.stderr.write(`${text}\n`);

const herd = openHerd(stateDir);
const node = await openOwnNode({ next: false, stateDir, cacheDir, herd, report: say });
const { url, managementUrl } = node;
await provisionBroker(url, { managementUrl });
const [speaking, hearing] = await Promise.all([
  openTestDatabase(messageTables()),
  openTestDatabase(messageTables()),
]);
await hearing.database.query('create table effects (request_id uuid primary key)');

const seen = { missing: 0, healed: 0 };
const observer = {
  ...unobserved,
  observe: (event) => {
    if (event.kind === 'receipt-missing' && event.hearer === 'intake') seen.missing += 1;
    if (event.kind === 'receipt-healed' && event.hearer === 'intake') seen.healed += event.count;
  },
};

const openRuntime = ({ dispatch, ...its }) => {
  const settings = { receiptTimeoutMs: 2_000, receiptEveryMs: 50 };
  const shared = { brokerUrl: url, managementUrl, log: quietLog, observer, settings };
  const runtime = new MessagingRuntime({ ...shared, ...its });
  runtime.start(dispatch);
  return runtime;
};

const openSpeaker = () =>
  openRuntime({
    service: 'validation',
    says: [RequestsHeld],
    database: speaking.database,
    dispatch: async () => undefined,
  });

const openHearer = () =>
  openRuntime({
    service: 'intake',
    says: [SubmissionsReceived],
    database: hearing.database,
    dispatch: record,
  });

const record = async (contract, { requests }, { tx }) => {
  const ids = requests.map(({ requestId }) => requestId);
  await tx.execute('insert into effects select unnest($1::uuid[])', [ids]);
};

const countOf = async ({ database }, sql) =>
  (await database.query(`select count(*)::int as n from ${sql}`))[0].n;

/** The queue as if it had been provisioned a moment ago: on such a one a kill can take what was confirmed. */
async function declareAnew() {
  const connection = await connect(url);
  const channel = await connection.createChannel();
  const { queues, bindings } = topologyOf(['intake'], Number(node.version.split('.')[0]));
  const queue = queueOf('intake');
  await channel.deleteQueue(queue);
  await channel.assertQueue(queue, { arguments: queues.find(({ name }) => name === queue).arguments });
  for (const { exchange, key } of bindings.filter((binding) => binding.queue === queue))
    await channel.bindQueue(queue, exchange, key);
  await connection.close();
}

async function turn(speaker, number) {
  await declareAnew();
  await speaker.work(async ({ outbox }) => {
    for (let fact = 0; fact < facts; fact += 1) outbox.add(RequestsHeld, aHeldBody(1));
  });
  await eventually(async () => (await countOf(speaking, 'outbox where published_at is null')) === 0, 30_000);
  await node.kill();
  say(`turn ${number}: ${facts} facts confirmed, broker killed`);
  await node.restart();
  const hearer = openHearer();
  await eventually(() => mended(hearer), healsWithinMs);
  const owed = `outbox where 'intake' = any(awaiting)`;
  await eventually(async () => (await countOf(speaking, owed)) === 0, healsWithinMs);
  await hearer.close();
}

/** What an operator does who is told that a queue has no leader: `remitflow topology apply --with-messages`. */
async function mended(hearer) {
  if (!hearer.unreadiness()) return true;
  const differences = await inspectTopology(url, managementUrl).catch(() => []);
  if (differences.length === 0) return false;
  for (const difference of differences) say(`  ${difference}`);
  await repairTopology(url, { managementUrl, withMessages: true });
  return false;
}

let failure;
const turns = Number(values.turns);
try {
  const speaker = openSpeaker();
  await eventually(() => !speaker.unreadiness(), 30_000);
  for (let number = 1; number <= turns && seen.missing < facts; number += 1) await turn(speaker, number);
  await speaker.close();
} catch (error) {
  failure = error.stack;
}
const said = await countOf(speaking, 'outbox where target is null');
const effects = await countOf(hearing, 'effects');
await Promise.all([speaking.drop(), hearing.drop()]);
await node.kill();
herd.close();
rmSync(stateDir, { recursive: true, force: true });
process.stdout.write(`${JSON.stringify({ said, effects, ...seen, ...(failure && { failure }) })}\n`);
process.exit(failure || said !== effects ? 1 : 0);
