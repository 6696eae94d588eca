import { serviceNames } from '@remitflow/contracts';
import { queueNames } from '../broker/queues.mjs';
import { eventually } from '../waiting.mjs';
import { evidenceOf } from './evidence.mjs';

export const drainedMostSeconds = 60;
/** Longer is looked at, so that a report says how long it took, or that it never ended. */
const lookedAtForMs = 150_000;
const tellEveryMs = 5_000;

/** What still lies in queues and outboxes, or waits for a receipt; empty when all is said, heard and receipted. */
export async function undrained({ instance, probe }) {
  const left = {};
  for (const queue of queueNames()) {
    const seen = await probe.look(queue);
    if (seen === undefined && !queue.endsWith('.receipts')) left[queue] = 'does not answer';
    if (seen?.ready > 0) left[queue] = seen.ready;
  }
  for (const service of serviceNames) {
    const [row] = await instance.databases.query(service, await outboxQuery(instance.databases, service));
    if (row.unpublished > 0) left[`${service} outbox`] = row.unpublished;
    if (row.awaiting > 0) left[`${service} receipts`] = row.awaiting;
    if (row.retries > 0) left[`${service} retries`] = row.retries;
  }
  return left;
}

async function outboxQuery(databases, service) {
  const columns = await databases.query(
    service,
    `select 1 from information_schema.columns where table_name = 'outbox' and column_name = 'awaiting'`,
  );
  const awaiting = columns.length > 0 ? `count(*) filter (where cardinality(awaiting) > 0)` : '0';
  return `select count(*) filter (where published_at is null)::int as unpublished, ${awaiting}::int as awaiting,
    (select count(*)::int from retries) as retries from outbox`;
}

/** Seconds until everything is drained, undefined when it never was; nothing is restarted meanwhile. */
export async function untilDrained(world, { withinMs = lookedAtForMs, tell } = {}) {
  const since = Date.now();
  let told = since;
  const isDrained = await eventually(
    async () => {
      world.left = await undrained(world);
      if (Date.now() - told > tellEveryMs) {
        told = Date.now();
        tell?.step(`still there: ${JSON.stringify(world.left)}`);
      }
      return Object.keys(world.left).length === 0;
    },
    { withinMs, everyMs: 500 },
  );
  if (isDrained) return (Date.now() - since) / 1000;
  for (const line of await evidenceOf(world).catch((error) => [error.message])) tell?.step(line);
  return undefined;
}

export const drained = {
  name: 'drained',
  check: async ({ drainedSeconds, left }) => ({
    checked: 1,
    violations:
      drainedSeconds === undefined
        ? [`not drained at all: ${JSON.stringify(left)}`]
        : drainedSeconds > drainedMostSeconds
          ? [`drained after ${drainedSeconds.toFixed(1)} s`]
          : [],
  }),
};
