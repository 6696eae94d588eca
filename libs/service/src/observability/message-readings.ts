import { factsSaidBy, type ServiceName } from '@remitflow/contracts';
import type { Database } from '@remitflow/persistence';
import { other } from './labels.ts';
import type { Metrics } from './metrics.ts';
import type { Reading } from './readings.ts';

/** Causes told one by one; the rest is told together. */
const causesMax = 20;

/** What lies in the message tables of a service: said and not published, put off, parked. */
export function readMessages(metrics: Metrics, database: Database, service: ServiceName): void {
  metrics.reading(outboxReading(metrics, database));
  metrics.reading(receiptsReading(metrics, database, service));
  metrics.reading(retriesReading(metrics, database));
  metrics.reading(deadLettersReading(metrics, database));
}

function outboxReading(metrics: Metrics, database: Database): Reading {
  const backlog = metrics.level({
    name: 'remitflow_outbox_backlog_messages',
    help: 'Facts that were said and not yet published.',
  });
  const oldest = metrics.level({
    name: 'remitflow_outbox_oldest_age_seconds',
    help: 'How long ago the oldest fact that is not yet published was said; 0 when there is none.',
  });
  return {
    source: 'outbox',
    levels: [backlog, oldest],
    async read() {
      const [row] = await database.query<{ rows: number; oldest: number }>(
        `select (select count(*) from outbox where published_at is null)::float8 as rows,
           coalesce(extract(epoch from now() - (
             select created_at from outbox where published_at is null order by seq limit 1
           )), 0)::float8 as oldest`,
      );
      return () => {
        backlog.set(row!.rows);
        oldest.set(Math.max(0, row!.oldest));
      };
    },
  };
}

function receiptsReading(metrics: Metrics, database: Database, service: ServiceName): Reading {
  const awaited = metrics.level({
    name: 'remitflow_receipts_awaited_messages',
    help: 'Published messages that this hearer has not receipted yet.',
    labels: ['hearer'],
  });
  const oldest = metrics.level({
    name: 'remitflow_receipts_oldest_awaited_seconds',
    help: 'How long ago the oldest message that this hearer has not receipted was published; 0 when there is none.',
    labels: ['hearer'],
  });
  const hearers = [...new Set(factsSaidBy(service).flatMap(({ heardBy }) => heardBy))];
  return {
    source: 'receipts',
    levels: [awaited, oldest],
    async read() {
      const rows = await database.query<{ hearer: string; rows: number; oldest: number }>(
        `select hearer, count(*)::float8 as rows,
           greatest(0, extract(epoch from now() - min(published_at)))::float8 as oldest
         from outbox, unnest(awaiting) as hearer
         where awaiting <> '{}' and published_at is not null group by hearer`,
      );
      const owed = new Map(rows.map((row) => [row.hearer, row]));
      return () => {
        for (const hearer of hearers) {
          awaited.set(owed.get(hearer)?.rows ?? 0, { hearer });
          oldest.set(owed.get(hearer)?.oldest ?? 0, { hearer });
        }
      };
    },
  };
}

function retriesReading(metrics: Metrics, database: Database): Reading {
  const scheduled = metrics.level({
    name: 'remitflow_retry_scheduled_messages',
    help: 'Messages that are tried again later.',
  });
  const due = metrics.level({
    name: 'remitflow_retry_due_messages',
    help: 'Messages whose time to be tried again has come.',
  });
  const overdue = metrics.level({
    name: 'remitflow_retry_overdue_seconds',
    help: 'For how long the message that waits longest has been due; 0 when none is.',
  });
  const attempts = metrics.level({
    name: 'remitflow_retry_attempts_most',
    help: 'The most tries that a message that waits has behind it.',
  });
  return {
    source: 'retries',
    levels: [scheduled, due, overdue, attempts],
    async read() {
      const [row] = await database.query<{ rows: number; due: number; overdue: number; most: number }>(
        `select count(*)::float8 as rows, (count(*) filter (where due_at <= now()))::float8 as due,
           greatest(0, coalesce(extract(epoch from now() - min(due_at)), 0))::float8 as overdue,
           coalesce(max(attempt_count), 0)::float8 as most
         from retries`,
      );
      return () => {
        scheduled.set(row!.rows);
        due.set(row!.due);
        overdue.set(row!.overdue);
        attempts.set(row!.most);
      };
    },
  };
}

type Cause = { fingerprint: string; fact: string; error_type: string; rows: number };

function deadLettersReading(metrics: Metrics, database: Database): Reading {
  const open = metrics.level({
    name: 'remitflow_dead_letters_open_messages',
    help: 'Parked messages that nobody has redriven or discarded.',
  });
  const byCause = metrics.level({
    name: 'remitflow_dead_letters_open_by_cause_messages',
    help: `The same by cause: the ${causesMax} causes with the most of them, and the rest as "${other}".`,
    labels: ['fingerprint', 'fact', 'error_type'],
  });
  return {
    source: 'dead-letters',
    levels: [open, byCause],
    async read() {
      const causes = await database.query<Cause>(
        `select fingerprint, fact_name as fact, error_code as error_type, count(*)::float8 as rows
         from dead_letters where state = 'open' group by 1, 2, 3 order by 4 desc, 1, 2, 3`,
      );
      const rest = sumOf(causes.slice(causesMax));
      return () => {
        open.set(sumOf(causes));
        for (const { rows, ...cause } of causes.slice(0, causesMax)) byCause.set(rows, cause);
        if (rest > 0) byCause.set(rest, { fingerprint: other, fact: other, error_type: other });
      };
    },
  };
}

const sumOf = (causes: readonly Cause[]): number => causes.reduce((sum, { rows }) => sum + rows, 0);
