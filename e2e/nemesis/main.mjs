import { openWorld } from './world.mjs';
import { runStorm } from './storm-run.mjs';
import { showSummary, summaryOf, violationsOf, writeReport } from './report.mjs';
import { runScenario } from './scenarios/scenarios.mjs';

/** One run from nothing to its verdicts; gives the exit code. */
export async function runNemesis(options) {
  const say = (text) => process.stderr.write(`${text}\n`);
  const startedAt = Date.now();
  const tell = teller(say, startedAt);
  const world = await openWorld(options, tell.step);
  const stop = async () => {
    await world.close();
    world.forget();
    process.exit(130);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  let isClean = false;
  try {
    tell.step(`seed ${options.seed}`);
    const verdicts = options.scenario ? await runScenario(world, tell) : await runStorm(world, tell);
    const summary = summaryOf(world, verdicts);
    showSummary(summary, verdicts, say);
    for (const text of world.book.faultTroubles.slice(0, 20)) say(`  fault not done: ${text}`);
    if (options.report) writeReport(options.report, { world, summary, verdicts });
    isClean = violationsOf(verdicts) === 0;
    if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  } finally {
    await world.close();
    if (isClean && !options.keep) world.forget();
    else say(`\nlogs and data are kept in ${world.stateDir}`);
  }
  return isClean ? 0 : 1;
}

function teller(say, startedAt) {
  const at = () => `${((Date.now() - startedAt) / 1000).toFixed(0).padStart(4)} s`;
  return {
    step: (text) => say(`${at()}  ${text}`),
    fault: ({ kind, target }, { book }) => {
      const done = [...book.faults.values()].reduce((sum, count) => sum + count, 0);
      const taken = [...book.files.values()].reduce((sum, { claims }) => sum + claims, book.singles.size);
      say(
        `${at()}  ${kind}: ${target}   (${done} faults, ${taken} requests taken, ${book.poison.size} poison)`,
      );
    },
  };
}
