import { cpus, totalmem } from 'node:os';
import { writeFileSync } from 'node:fs';

const evidenceShown = 12;

/** The one document of a run. */
export function summaryOf(world, verdicts) {
  const { options, book, samples } = world;
  const counted = (list) => Object.fromEntries([...list].sort(([one], [other]) => one.localeCompare(other)));
  return {
    seed: options.seed,
    minutes: options.minutes,
    faults: counted(book.faults),
    invariants: Object.fromEntries(
      Object.entries(verdicts).map(([name, { checked, violations }]) => [
        name,
        { checked, violations: violations.length },
      ]),
    ),
    deadLettersInjected: world.deadLetters?.injected ?? 0,
    deadLettersFound: world.deadLetters?.found ?? 0,
    drainedSeconds: world.drainedSeconds === undefined ? null : Number(world.drainedSeconds.toFixed(1)),
    peakRssMb: counted(Object.entries(samples.seen.peakRssMb)),
  };
}

export const violationsOf = (verdicts) =>
  Object.values(verdicts).reduce((sum, { violations }) => sum + violations.length, 0);

/** Two tables for people, and the evidence of what went wrong. */
export function showSummary(summary, verdicts, say) {
  say(`\nfaults (${sumOf(summary.faults)})`);
  for (const [kind, count] of Object.entries(summary.faults))
    say(`  ${kind.padEnd(30)} ${String(count).padStart(5)}`);
  say('\ninvariant                         checked  violations');
  for (const [name, { checked, violations }] of Object.entries(summary.invariants)) {
    say(`  ${name.padEnd(30)} ${String(checked).padStart(8)}  ${violations === 0 ? '-' : violations}`);
  }
  for (const [name, { violations }] of Object.entries(verdicts)) {
    if (violations.length === 0) continue;
    say(`\n${name}:`);
    for (const text of violations.slice(0, evidenceShown)) say(`  ${text}`);
    if (violations.length > evidenceShown) say(`  … and ${violations.length - evidenceShown} more`);
  }
}

const sumOf = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** The same for docs/reliability.md. */
export function writeReport(file, { world, summary, verdicts }) {
  writeFileSync(file, `${markdown(world, summary, verdicts).join('\n')}\n`);
}

function markdown({ options, servers, book, sums }, summary, verdicts) {
  const [{ model }] = cpus();
  const violations = violationsOf(verdicts);
  const claims = [...book.files.values()].reduce((sum, one) => sum + one.claims, 0);
  return [
    '# Reliability: the last full run',
    '',
    `\`${options.command.replace(/ --report \S+/, '')} --seed ${options.seed}\``.replace(
      /( --seed \d+)(.*)\1/,
      '$1$2',
    ),
    '',
    `**${sumOf(summary.faults)} faults, ${violations} violations.** Seed ${options.seed}, ${options.minutes} minutes, ` +
      `drained ${summary.drainedSeconds ?? 'never'} s after the last fault with nothing restarted.`,
    '',
    `Node ${process.version}, RabbitMQ ${servers.rabbit.version} (${servers.rabbit.nodes.length} node(s)), ` +
      `PostgreSQL ${servers.postgres.version}; ${cpus().length} cores (${model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB.`,
    '',
    `Load meanwhile: ${book.files.size} files with ${claims} claims, ${book.singles.size} single requests, ${book.closedCycles} payment ` +
      `cycles; ${summary.deadLettersInjected} poisonous messages put in, ${summary.deadLettersFound} dead letters found.`,
    '',
    `Cents: approved ${sums.approved} = paid ${sums.paid} + held ${sums.held} + returned ${sums.returned}.`,
    '',
    '| fault | times |',
    '| --- | ---: |',
    ...Object.entries(summary.faults).map(([kind, count]) => `| ${kind} | ${count} |`),
    '',
    '| invariant | checked | violations |',
    '| --- | ---: | ---: |',
    ...Object.entries(summary.invariants).map(
      ([name, one]) => `| ${name} | ${one.checked} | ${one.violations} |`,
    ),
    '',
    '| service | peak memory (MB) |',
    '| --- | ---: |',
    ...Object.entries(summary.peakRssMb).map(([service, mb]) => `| ${service} | ${mb} |`),
  ];
}
