/**
 * A RabbitMQ 4 of the next Debian release beside the system's own: unpacked into a folder and run with that folder as its root,
 * on loopback. Nothing is installed, and its mounts live in a namespace of their own that goes with it.
 *
 *   node e2e/conformance/rabbit4.mjs up|status|down [--state DIR]
 *
 * `up` prints the URLs as JSON and returns; `down` stops it and throws its data away. The download is kept.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { connect } from 'amqplib';
import {
  choosePorts,
  layOutNode,
  nextRabbit,
  openStateFolder,
  recordedProcesses,
  secret,
  ServersError,
  stopRecordedProcesses,
  superviseProcess,
} from '@remitflow/servers';

const root = resolve(import.meta.dirname, '..', '..');
const kinds = ['amqp', 'management', 'prometheus', 'distribution', 'epmd'];
const startWithinMs = 120_000;
const stopGraceMs = 3_000;
const usage = 'usage: node e2e/conformance/rabbit4.mjs up|status|down [--state DIR]';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { state: { type: 'string' } },
});
const stateDir = resolve(values.state ?? join(root, '.remitflow', 'rabbit4'));
const cacheDir = resolve(process.env.REMITFLOW_CACHE ?? join(root, '.remitflow', 'cache'));
const record = join(stateDir, 'rabbit4.json');
const say = (text) => process.stderr.write(`${text}\n`);
const print = (document) => process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);

const commands = { up, status, down };

async function up() {
  await down();
  const state = openStateFolder(stateDir);
  mkdirSync(cacheDir, { recursive: true });
  const binaries = await nextRabbit(cacheDir, say);
  const node = layOutNode({
    name: 'rabbit-4',
    folder: join(state.path, 'node'),
    ports: await choosePorts(kinds, {}),
    login: { user: 'remitflow', password: secret(state, 'rabbit'), host: 'remitflow' },
    binaries,
  });
  say(`starting RabbitMQ ${binaries.version}`);
  const started = [await start('port-mapper', node.portMapper), await start('rabbit', node.server)];
  const ended = Promise.race(started.map((one) => one.ended.then(() => one.name)));
  const trouble = await answers(node.url, ended);
  if (trouble) throw await notStarted(trouble);
  const { url, managementUrl } = node;
  const urls = { version: binaries.version, url, managementUrl };
  writeFileSync(record, JSON.stringify(urls), { mode: 0o600 });
  print(urls);
}

async function status() {
  const isRunning = recordedProcesses(stateDir).some(({ alive }) => alive);
  const urls = existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')) : {};
  print(isRunning ? { running: true, ...urls } : { running: false });
}

async function down() {
  await stopRecordedProcesses(stateDir, { graceMs: stopGraceMs });
  rmSync(join(stateDir, 'node'), { recursive: true, force: true });
  rmSync(record, { force: true });
}

const start = (name, { program, args, env, cwd }) =>
  superviseProcess({
    name,
    command: program,
    args,
    env,
    cwd,
    logFile: join(stateDir, 'logs', `${name}.log`),
    stateDir,
    outlives: true,
  });

/** Undefined once a login is taken; otherwise why there will be none. */
async function answers(url, ended) {
  let endedFirst;
  void ended.then((name) => (endedFirst = name));
  const deadline = Date.now() + startWithinMs;
  while (Date.now() < deadline && !endedFirst) {
    const connection = await connect(url, { timeout: 3_000 }).catch(() => undefined);
    if (connection) return void (await connection.close());
    await new Promise((done) => setTimeout(done, 300));
  }
  return endedFirst
    ? `its process "${endedFirst}" ended`
    : `it took no login within ${startWithinMs / 1000} s`;
}

async function notStarted(why) {
  const log = join(stateDir, 'logs', 'rabbit.log');
  const last = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').slice(-5).join('\n') : '';
  await stopRecordedProcesses(stateDir, { graceMs: stopGraceMs });
  return new ServersError(
    'start-failed',
    `RabbitMQ 4 did not start: ${why}\n${last}`,
    `Look into ${log}. It needs root, or a kernel that lets ordinary users make namespaces (unshare --map-root-user true).`,
  );
}

try {
  const command = commands[positionals[0]];
  if (!command) {
    say(usage);
    process.exit(2);
  }
  await command();
  process.exit(0);
} catch (error) {
  if (!(error instanceof ServersError)) throw error;
  say(`${error.message}\n→ ${error.nextAction}`);
  process.exit(1);
}
