import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connect } from 'amqplib';
import pg from 'pg';
import { openServers } from '@remitflow/servers';
import { breakable } from './breakable.mjs';
import { brokerProgramOf, programOf } from './programs.mjs';

const run = promisify(execFile);
const ctlTimeoutMs = 30_000;

/** A private PostgreSQL and a private RabbitMQ node, durable as in production, that may be broken at will. */
export async function openSingle({ stateDir, cacheDir, herd, report }) {
  const env = { ...process.env };
  for (const name of ['DATABASE_URL', 'RABBITMQ_URL']) delete env[name];
  const opened = await openServers({ stateDir, cacheDir, purpose: 'demo', keepRunning: true, env, report });
  const recorded = JSON.parse(readFileSync(join(stateDir, 'servers.json'), 'utf8'));
  const [postgresPid] = recorded.postgres.processes.map(({ pid }) => pid);
  const [rabbitPid, ...portMappers] = recorded.rabbit.processes.map(({ pid }) => pid);
  for (const pid of portMappers) herd.add(pid);
  const log = (name) => join(stateDir, 'logs', `${name}.log`);

  const postgres = breakable({
    name: 'postgres',
    pid: postgresPid,
    program: sparingTheDisk(programOf(postgresPid)),
    logFile: log('postgres'),
    herd,
    probe: () => probePostgres(opened.postgres.adminUrl),
    gentle: 'SIGINT',
  });
  await postgres.terminate();
  await postgres.restart();
  const program = brokerProgramOf(rabbitPid);
  const node = breakable({
    name: 'rabbit',
    pid: rabbitPid,
    program,
    logFile: log('rabbitmq'),
    herd,
    probe: () => probeRabbit(opened.rabbit.url),
    gentle: 'SIGTERM',
  });
  const ctl = async (args, timeoutMs = ctlTimeoutMs) => {
    const { stdout } = await run(join(program.home, 'sbin', 'rabbitmqctl'), ['--quiet', ...args], {
      env: program.env,
      cwd: program.cwd,
      timeout: timeoutMs,
    });
    return stdout;
  };
  const broker = Object.defineProperties(node, {
    url: { value: opened.rabbit.url },
    managementUrl: { value: opened.rabbit.managementUrl },
    ctl: { value: ctl },
  });
  return {
    rabbit: { version: opened.rabbit.version, nodes: [broker] },
    postgres: Object.defineProperties(postgres, {
      version: { value: opened.postgres.version },
      adminUrl: { value: opened.postgres.adminUrl },
    }),
    close: async () => undefined,
  };
}

/**
 * Processes die here, not the power: what was written survives without being forced to the disk. A commit is still
 * written before it is answered.
 */
const sparingTheDisk = ({ args, ...program }) => ({
  ...program,
  args: args.map((arg) => (arg === 'fsync=on' ? 'fsync=off' : arg)),
});

export async function probePostgres(url) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  await client.connect();
  await client.end();
}

export async function probeRabbit(url) {
  const connection = await connect(url, { timeout: 3_000 });
  connection.on('error', () => undefined);
  await connection.close();
}
