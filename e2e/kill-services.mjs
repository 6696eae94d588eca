/**
 * Kills each service with SIGKILL while a file goes the whole way, starts it again, and holds the totals against an
 * undisturbed run of a file of the same shape: nothing lost, nothing paid twice.
 *
 *   node e2e/kill-services.mjs --claims 5000 [--state DIR] [--keep] [--json]
 *
 * Without DATABASE_URL and RABBITMQ_URL it brings private servers. The last line is one JSON document.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { eventually, openRemitflow } from './remitflow.mjs';
import { readLedger } from '@remitflow/simulated-bank';

const { values } = parseArgs({
  options: {
    claims: { type: 'string', default: '5000' },
    state: { type: 'string' },
    keep: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
/** Packages that another run has downloaded serve this one too. */
const sharedCache = resolve(import.meta.dirname, '..', '.remitflow', 'cache');
const claims = Number(values.claims);
const stateDir = values.state ?? mkdtempSync(join(tmpdir(), 'remitflow-kill-'));
const remitflow = openRemitflow(stateDir, { REMITFLOW_CACHE: sharedCache, ...process.env });
const say = (text) => process.stderr.write(`${text}\n`);
const kills = [];

/** The interface of a service, asked directly: a command-line call would take longer than the moment we wait for. */
let urls = {};
const ask = async (service, path, options) => {
  try {
    const answer = await fetch(`${urls[service]}${path}`, options);
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
};

const post = (service, path) =>
  ask(service, path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });

async function up() {
  const { services } = await remitflow.must('up', '--detach');
  urls = Object.fromEntries(Object.entries(services).map(([name, { url }]) => [name, url]));
  return services;
}

const kill = (services, service, { during, caughtWorking }) => {
  process.kill(services[service].pid, 'SIGKILL');
  kills.push({ service, during, ...(caughtWorking === undefined ? {} : { caughtWorking }) });
  say(`  killed ${service} ${during}`);
};

const close = () => remitflow.must('payouts', 'close', '--watch');

/** What a file comes to, once everything about it is decided, paid and explained. */
async function totalsOf(submissionId, cycles) {
  const { counts, cents } = await ask('intake', `/submissions/${submissionId}/report`);
  const paidCents = cycles.reduce((sum, cycle) => sum + cycle.paidCents, 0);
  return { ...counts, approvedCents: cents.approved, paidCents };
}

async function undisturbed(run) {
  const file = join(stateDir, `kill-${run}.837`);
  await remitflow.must('demo', 'claims', file, '--claims', String(claims), '--run', String(run));
  const { submissionId } = await remitflow.must('submit', file, '--watch');
  return totalsOf(submissionId, [await close()]);
}

async function disturbed(run, begun) {
  let services = begun;
  const file = join(stateDir, `kill-${run}.837`);
  await remitflow.must('demo', 'claims', file, '--claims', String(claims), '--run', String(run));
  const { submissionId } = await remitflow.must('submit', file);
  const progress = () => ask('intake', `/submissions/${submissionId}`);

  kill(services, 'intake', {
    during: 'while it reads the file',
    caughtWorking: (await progress())?.status !== 'parsed',
  });
  services = await up();
  await eventually(async () => (await progress())?.received > 0);
  kill(services, 'validation', {
    during: 'while it judges',
    caughtWorking: (await progress())?.decided < claims,
  });
  kill(services, 'audit', { during: 'while it remembers' });
  services = await up();
  await eventually(async () => (await progress())?.done, 120_000);
  const { approved } = await progress();
  await eventually(
    async () => (await ask('payout', `/submissions/${submissionId}/payables`))?.payables >= approved,
  );

  const closing = post('payout', '/cycles/close');
  const forming = await eventually(async () => {
    const [newest] = (await ask('payout', '/cycles')) ?? [];
    return newest && !knownCycles.has(newest.cycleId) ? newest : undefined;
  });
  kill(services, 'payout', {
    during: 'while it closes the cycle',
    caughtWorking: forming.status !== 'closed',
  });
  await closing;
  services = await up();
  const resumed = close();
  await eventually(
    async () => (await ask('remittance', '/remittances?limit=1000'))?.length > explainedBefore,
  );
  kill(services, 'remittance', { during: 'while it explains' });
  services = await up();
  await resumed;
  kill(services, 'payout', { during: 'after the cycle' });
  kill(services, 'remittance', { during: 'after the cycle' });
  services = await up();
  const cycles = (await ask('payout', '/cycles')).filter((cycle) => !knownCycles.has(cycle.cycleId));
  await eventually(async () => {
    const remitted = await Promise.all(cycles.map((cycle) => ask('remittance', `/cycles/${cycle.cycleId}`)));
    return remitted.every((one) => one?.complete);
  });
  const paid = await Promise.all(cycles.map((cycle) => ask('payout', `/cycles/${cycle.cycleId}`)));
  return totalsOf(submissionId, paid);
}

const knownCycles = new Set();
let explainedBefore = 0;

async function conserved() {
  const { credits } = await readLedger(join(stateDir, 'files', 'bank'));
  const traces = new Set(credits.map((credit) => credit.traceNumber));
  const creditedCents = credits.reduce((sum, credit) => sum + credit.amountCents, 0);
  return { credits: credits.length, creditedTwice: credits.length - traces.size, creditedCents };
}

try {
  say(`starting (state in ${stateDir})`);
  const services = await up();
  const payees = join(stateDir, 'kill-payees.csv');
  await remitflow.must('demo', 'payees', payees);
  await remitflow.must('payees', 'import', payees);

  say(`undisturbed: ${claims} claims`);
  const expected = await undisturbed(1);
  for (const cycle of await ask('payout', '/cycles')) knownCycles.add(cycle.cycleId);
  explainedBefore = (await ask('remittance', '/remittances?limit=1000')).length;
  say(`disturbed: ${claims} claims`);
  const actual = await disturbed(2, services);

  const total = expected.paidCents + actual.paidCents;
  await eventually(async () => (await conserved()).creditedCents >= total);
  const bank = await conserved();
  const audit = await eventually(async () => {
    const { exitCode, document } = await remitflow.run('audit', 'verify');
    return exitCode === 0 ? document : undefined;
  });
  const dead = await remitflow.must('dead', 'list');
  const violations = [
    ...Object.keys(expected)
      .filter((key) => expected[key] !== actual[key])
      .map((key) => `${key}: ${expected[key]} undisturbed, ${actual[key]} with kills`),
    ...(bank.creditedTwice > 0 ? [`${bank.creditedTwice} credits twice`] : []),
    ...(bank.creditedCents === total
      ? []
      : [`the bank credited ${bank.creditedCents} cents, ${total} were paid`]),
    ...(audit.verified ? [] : ['the audit chain is broken']),
    ...(kills.some((one) => one.caughtWorking)
      ? []
      : ['every service had nothing left to do when it was killed']),
    ...(dead.length > 0 ? [`${dead.length} dead letters`] : []),
  ];
  process.stdout.write(
    `${JSON.stringify({ claims, kills, expected, actual, bank, auditEvents: audit.events, violations })}\n`,
  );
  process.exitCode = violations.length === 0 ? 0 : 1;
} finally {
  await remitflow.run('down');
  if (!values.keep && !values.state) rmSync(stateDir, { recursive: true, force: true });
}
