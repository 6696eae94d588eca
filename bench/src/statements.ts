import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openServers } from '@remitflow/servers';
import type { Bench, Table } from './bench.ts';
import type { ServersSeen } from './instance.ts';
import { postgresCpu } from './measure/process-usage.ts';
import { markdownTable } from './measure/text-table.ts';
import { withClient } from './peers.ts';

/** What PostgreSQL's own pg_stat_statements tells of the time between two looks. */
export type Statements = {
  /** Forgets what was seen until now. */
  begin(): Promise<void>;
  /** The dearest statements of each database since `begin`; all of them, whole, into the folder of the profiles. */
  tables(about: string): Promise<readonly Table[]>;
};

type Statement = {
  readonly database: string;
  readonly statement: string;
  readonly calls: number;
  readonly ms: number;
  readonly planMs: number;
  readonly jitMs: number;
  readonly rows: number;
  readonly walKb: number;
  readonly blocks: number;
};

const shownOfEach = 10;
const shownLength = 120;

/**
 * Makes the servers of a state folder load pg_stat_statements from their next start on. Refuses when PostgreSQL has not
 * got it: Debian's postgresql package holds it, the embedded builds need not.
 */
export async function preloadStatements(
  bench: Bench,
  { stateDir, env }: { stateDir: string; env: NodeJS.ProcessEnv },
): Promise<void> {
  const servers = await openServers({
    stateDir,
    cacheDir: env['REMITFLOW_CACHE']!,
    purpose: 'demo',
    env,
    report: (step) => bench.say(`  · ${step}`),
  });
  try {
    await withClient(servers.postgres.adminUrl, async (client) => {
      const { rowCount } = await client.query(
        `select from pg_available_extensions where name = 'pg_stat_statements'`,
      );
      if (!rowCount)
        throw new Error('this PostgreSQL has no pg_stat_statements (Debian: postgresql-contrib)');
      await client.query(`alter system set shared_preload_libraries = 'pg_stat_statements'`);
      await client.query(`alter system set track_io_timing = on`);
    });
  } finally {
    await servers.close();
  }
}

export function openStatements(
  bench: Bench,
  { adminUrl, processes }: Pick<ServersSeen, 'adminUrl' | 'processes'>,
): Statements {
  let walBefore = 0;
  let cpuBefore: Readonly<Record<string, number>> = {};
  return {
    begin: () =>
      withClient(adminUrl, async (client) => {
        await client.query('create extension if not exists pg_stat_statements');
        await client.query('alter system set pg_stat_statements.track_planning = on');
        await client.query('select pg_reload_conf()');
        await client.query('select pg_stat_statements_reset()');
        walBefore = (await client.query<{ bytes: number }>(walNow)).rows[0]!.bytes;
        cpuBefore = postgresCpu(processes.postgres);
      }),
    tables: (about) =>
      withClient(adminUrl, async (client) => {
        const cpuAfter = postgresCpu(processes.postgres);
        const { rows } = await client.query<Statement>(dearest);
        const walMb = ((await client.query<{ bytes: number }>(walNow)).rows[0]!.bytes - walBefore) / 1e6;
        if (bench.settings.profile) writeWhole(bench.settings.profile, about, rows);
        const cpu = Object.entries(cpuAfter).map(([what, s]): Cpu => [what, s - (cpuBefore[what] ?? 0)]);
        return present(about, { rows, walMb, cpu });
      }),
  };
}

const walNow = `select wal_bytes::float8 as bytes from pg_stat_wal`;

const dearest = `
  select d.datname as database, s.query as statement, s.calls::float8 as calls, s.total_exec_time as ms,
    s.total_plan_time as "planMs",
    s.jit_generation_time + s.jit_inlining_time + s.jit_optimization_time + s.jit_emission_time as "jitMs", s.rows::float8 as rows, s.wal_bytes::float8 / 1024 as "walKb",
    (s.shared_blks_hit + s.shared_blks_read)::float8 as blocks
  from pg_stat_statements s join pg_database d on d.oid = s.dbid
  where s.toplevel and d.datname like 'remitflow%'
  order by s.total_exec_time + s.total_plan_time desc`;

type Cpu = readonly [what: string, seconds: number];
type Found = { readonly rows: readonly Statement[]; readonly walMb: number; readonly cpu: readonly Cpu[] };

function present(about: string, { rows, walMb, cpu }: Found): readonly Table[] {
  const all = sum(rows, ({ ms }) => ms);
  const databases = [...new Set(rows.map(({ database }) => database))];
  const totals = databases.map((database) => {
    const own = rows.filter((row) => row.database === database);
    const ms = sum(own, (row) => row.ms);
    return [database, ms, percent(ms, all), sum(own, (row) => row.calls), sum(own, (row) => row.walKb)];
  });
  const each = databases.map((database) => statementsTable(about, database, rows));
  return [
    {
      title: `PostgreSQL by process, ${about}`,
      head: ['what', 'CPU s'],
      rows: cpu.filter(([, seconds]) => seconds >= 0.01).sort(([, a], [, b]) => b - a),
    },
    {
      title: `PostgreSQL by database, ${about}`,
      head: ['database', 'ms', '%', 'calls', 'WAL kB'],
      rows: totals,
      note: `${walMb.toFixed(1)} MB of WAL in all. Milliseconds are those of the clock, without the flush of a commit.`,
    },
    ...each,
  ];
}

function statementsTable(about: string, database: string, rows: readonly Statement[]): Table {
  const own = rows.filter((row) => row.database === database);
  const all = sum(own, ({ ms }) => ms);
  return {
    title: `${database}, ${about}`,
    head: [...costsHead, 'statement'],
    rows: own.slice(0, shownOfEach).map((row) => [...costs(row, all), oneLine(row).slice(0, shownLength)]),
  };
}

const costsHead = ['ms', '%', 'calls', 'ms a call', 'plan ms', 'JIT ms', 'rows', 'WAL kB', 'blocks'];

const costs = (
  { ms, calls, planMs, jitMs, rows, walKb, blocks }: Statement,
  all: number,
): readonly number[] => [
  ms,
  percent(ms, all),
  calls,
  ms / calls,
  planMs,
  jitMs,
  rows,
  Math.round(walKb),
  blocks,
];

const oneLine = ({ statement }: Statement): string => statement.replace(/\s+/g, ' ').trim();

function writeWhole(folder: string, about: string, rows: readonly Statement[]): void {
  mkdirSync(folder, { recursive: true });
  const all = sum(rows, ({ ms }) => ms);
  const head = ['database', ...costsHead, 'statement'];
  const lines = rows.map((row) => [row.database, ...costs(row, all), oneLine(row).replaceAll('|', '\\|')]);
  writeFileSync(join(folder, `statements-${about}.md`), `${markdownTable(head, lines)}\n`);
}

const percent = (part: number, whole: number): number => Math.round((1000 * part) / (whole || 1)) / 10;

const sum = <T>(items: readonly T[], amount: (item: T) => number): number =>
  items.reduce((total, item) => total + amount(item), 0);
