/**
 * Takes the same claims the whole way with one process of each service and then with several, of which one is killed while it
 * works, and holds every total against the other: more hands must change nothing but the time.
 *
 *   node e2e/scaled-totals.mjs --claims 20000 [--scale validation=2,payout=2,remittance=2,audit=2] [--state DIR] [--keep]
 *
 * Two files are sent at the same moment, and every claim of the one is a duplicate of a claim of the other; some claims are held,
 * some rejected, some denied. Without DATABASE_URL and RABBITMQ_URL it brings private servers. The last line is one JSON document.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { serviceNames } from '@remitflow/kernel';
import { readLedger } from '@remitflow/simulated-bank';
import { eventually, openRemitflow } from './remitflow.mjs';
import { differences, totalsOf } from './totals.mjs';

const { values } = parseArgs({
  options: {
    claims: { type: 'string', default: '20000' },
    scale: { type: 'string', default: 'validation=2,payout=2,remittance=2,audit=2' },
    state: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const claims = Number(values.claims);
const stateDir = values.state ?? mkdtempSync(join(tmpdir(), 'remitflow-scaled-'));
/** Packages that another run has downloaded serve this one too. */
const sharedCache = resolve(import.meta.dirname, '..', '.remitflow', 'cache');
/** What a killed process has not receipted is sent again after this. */
const receiptTimeouts = Object.fromEntries(
  serviceNames.map((name) => [`REMITFLOW_${name.toUpperCase()}_RECEIPT_TIMEOUT_MS`, '5000']),
);
const remitflow = openRemitflow(stateDir, {
  REMITFLOW_CACHE: sharedCache,
  ...receiptTimeouts,
  ...process.env,
});
const say = (text) => process.stderr.write(`${text}\n`);
const patienceMs = 60_000 + claims * 20;

/** Every process of every service, asked directly: a command-line call would take longer than the moment we wait for. */
let services = {};
const addresses = (service) => services[service].processes.map(({ url }) => url);
const ask = async (service, path) => {
  for (const url of addresses(service)) {
    const answer = await fetch(`${url}${path}`).catch(() => undefined);
    if (answer?.ok)
      return answer.headers.get('content-type')?.includes('ndjson') ? answer.text() : answer.json();
  }
  throw new Error(`no process of ${service} answers ${path}`);
};

async function up(...args) {
  ({ services } = await remitflow.must('up', '--detach', ...args));
}

/** Two files of one round: the claims, and the same claims under other numbers. */
async function writeFiles(round) {
  const [file, again] = ['claims', 'again'].map((name) => join(stateDir, `${name}-${round}.837`));
  await remitflow.must('demo', 'claims', file, '--claims', String(claims), '--run', String(round));
  const control = String(round).padStart(9, '0');
  const text = readFileSync(file, 'utf8')
    .replaceAll(control, `9${control.slice(1)}`)
    .replaceAll(`CLM*D${round}-`, `CLM*X${round}-`);
  writeFileSync(again, text);
  return [file, again];
}

/** SIGKILL for the second validation, once something is decided and something is not. */
async function killOneOfTwo(submissionIds) {
  const victim = services.validation.processes[1];
  const progress = async () => Promise.all(submissionIds.map((id) => ask('intake', `/submissions/${id}`)));
  const seen = await eventually(async () => {
    const all = await progress();
    return all.some(({ received }) => received > 0) && all;
  }, patienceMs);
  process.kill(victim.pid, 'SIGKILL');
  const decided = seen.reduce((sum, one) => sum + one.decided, 0);
  const found = { process: victim.name, decided, of: 2 * claims };
  say(`  killed ${victim.name} when ${decided} of ${found.of} were decided`);
  return found;
}

/** One round: both files at once, then payout is told to close twice at the same moment, by two processes where it has them. */
async function takeRound(round, meanwhile = async () => undefined) {
  const files = await writeFiles(round);
  const auditedBefore = await auditedByFact();
  const cyclesBefore = new Set((await ask('payout', '/cycles')).map(({ cycleId }) => cycleId));
  const startedAt = performance.now();
  const sent = await Promise.all(files.map((file) => remitflow.must('submit', file)));
  const submissionIds = sent.map(({ submissionId }) => submissionId);
  const killed = await meanwhile(submissionIds);
  const decided = await eventually(async () => {
    const all = await Promise.all(submissionIds.map((id) => ask('intake', `/submissions/${id}`)));
    return all.every(({ done }) => done) && all;
  }, patienceMs);
  for (const { submissionId, approved, denied } of decided) {
    await eventually(
      async () => (await ask('payout', `/submissions/${submissionId}/payables`)).payables >= approved,
      patienceMs,
    );
    await eventually(
      async () => (await ask('remittance', `/submissions/${submissionId}/denials`)).denied >= denied,
      patienceMs,
    );
  }
  const closers = addresses('payout');
  await Promise.all([closers[0], closers.at(-1)].map(closeAt));
  const cycles = await eventually(async () => {
    const all = (await ask('payout', '/cycles')).filter(({ cycleId }) => !cyclesBefore.has(cycleId));
    return all.every(({ status }) => status === 'closed') && all;
  }, patienceMs);
  const remitted = await eventually(async () => {
    const all = await Promise.all(cycles.map(({ cycleId }) => ask('remittance', `/cycles/${cycleId}`)));
    return all.every(({ complete }) => complete) && all;
  }, patienceMs);
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  await untilBankHasAnswered(cycles);
  await untilAllIsHeard();
  const totals = await totalsOf(ask, { submissionIds, cycles, remitted });
  return { seconds, killed, totals: { ...totals, audited: lessThose(await auditedByFact(), auditedBefore) } };
}

async function closeAt(url) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/cycles/close`, { method: 'POST', headers, body: '{}' });
  if (!answer.ok) throw new Error(`closing: ${answer.status} ${await answer.text()}`);
}

async function untilBankHasAnswered(cycles) {
  await eventually(async () => {
    const sent = await Promise.all(
      cycles.map(({ cycleId }) => ask('payout', `/payments?cycleId=${cycleId}&status=sent&limit=1000`)),
    );
    return sent.flat().length === 0;
  }, patienceMs);
}

/** Every fact has its receipts, those for the audit log included. */
async function untilAllIsHeard() {
  await eventually(async () => {
    const outboxes = await Promise.all(Object.keys(services).map((name) => ask(name, '/ops/messaging')));
    return outboxes.every(({ outbox }) => outbox.rows === 0);
  }, patienceMs);
}

/** What the log holds of each fact, counted by what the facts are about: chance decides which requests share one. */
async function auditedByFact() {
  const counts = {};
  for (const line of (await ask('audit', '/export')).split('\n').filter(Boolean)) {
    const { type, body } = JSON.parse(line);
    const items = body.requests ?? body.payments ?? body.payees ?? [body];
    counts[type] = (counts[type] ?? 0) + items.length;
  }
  return counts;
}

const lessThose = (counts, before) =>
  Object.fromEntries(
    Object.keys(counts)
      .sort()
      .map((name) => [name, counts[name] - (before[name] ?? 0)])
      .filter(([, count]) => count > 0),
  );

try {
  say(`starting (state in ${stateDir})`);
  await up();
  const payees = join(stateDir, 'payees.csv');
  await remitflow.must('demo', 'payees', payees);
  await remitflow.must('payees', 'import', payees);

  say(`one process of each: 2 × ${claims} claims`);
  const alone = await takeRound(1);
  say(`  ${alone.seconds} s`);
  await up('--scale', values.scale);
  say(`--scale ${values.scale}: 2 × ${claims} claims`);
  const scaled = await takeRound(2, killOneOfTwo);
  say(`  ${scaled.seconds} s`);

  const { credits } = await readLedger(join(stateDir, 'files', 'bank'));
  const creditedCents = credits.reduce((sum, credit) => sum + credit.amountCents, 0);
  const creditedTwice = credits.length - new Set(credits.map((credit) => credit.traceNumber)).size;
  const paidCents = alone.totals.paidCents + scaled.totals.paidCents;
  const audit = await remitflow.run('audit', 'verify');
  const dead = await remitflow.must('dead', 'list');
  const violations = [
    ...differences(alone.totals, scaled.totals),
    ...(alone.totals.explainedTwice > 0 ? ['claims are explained twice'] : []),
    ...(creditedTwice > 0 ? [`${creditedTwice} credits twice`] : []),
    ...(creditedCents === paidCents
      ? []
      : [`the bank credited ${creditedCents} cents, ${paidCents} were paid`]),
    ...(audit.document?.verified ? [] : ['the audit chain is broken']),
    ...(dead.length > 0 ? [`${dead.length} dead letters`] : []),
    ...(scaled.killed.decided < scaled.killed.of
      ? []
      : ['nothing was left to do when the process was killed']),
  ];
  process.stdout.write(
    `${JSON.stringify({ claims, scale: values.scale, alone, scaled, auditEvents: audit.document?.events, violations })}\n`,
  );
  process.exitCode = violations.length === 0 ? 0 : 1;
} finally {
  await remitflow.run('down');
  if (!values.keep && !values.state) rmSync(stateDir, { recursive: true, force: true });
}
