import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceNames } from '@remitflow/contracts';
import { ask } from '../http.mjs';
import { untilDrained } from '../invariants/drained.mjs';
import { startLoad } from '../load/lanes.mjs';
import { settle } from '../rest.mjs';
import { eventually, pause } from '../waiting.mjs';
import { peaceful, verdictsOf } from './verdicts.mjs';

const flowMs = 5_000;
const sigtermWithinMs = 60_000;

/**
 * Every service is asked to end, again and again, while messages flow: each ends with 0, and nothing that it had begun comes
 * back. What comes back although it was done is counted by the processes that hear it: as a duplicate.
 */
export async function run(world, tell) {
  const { instance, book, random, options } = world;
  const load = startLoad(world, { withPoison: false });
  const draw = random.child('sigterm');
  const until = Date.now() + options.minutes * 60_000;
  let duplicates = 0;
  await pause(flowMs);
  do {
    for (const name of draw.shuffled(serviceNames)) {
      duplicates += await duplicatesHeard(instance.services[name]);
      const end = await instance.services[name].process.terminate(sigtermWithinMs);
      book.terminations.push({ service: name, ...end });
      tell.step(`${name} ended with ${end.code} after ${end.ms} ms`);
      await eventually(
        async () => (await ask(`${instance.services[name].url}/health/ready`)).status === 200,
        {
          withinMs: 30_000,
        },
      );
      await pause(draw.between(300, 1_500));
    }
  } while (Date.now() < until);
  await load.stop();
  const rest = await untilDrained(world, { tell });
  world.drainedSeconds = rest;
  for (const name of serviceNames) duplicates += await duplicatesHeard(instance.services[name]);
  const givenBack = begunAndGivenBack(world);
  await settle(world, tell);
  return {
    'nothing-begun-comes-back': {
      checked: book.terminations.length,
      violations: [
        ...(duplicates > 0 ? [`${duplicates} messages that were done came again`] : []),
        ...givenBack,
      ],
    },
    ...(await verdictsOf(world, peaceful)),
  };
}

/** Messages that this process was handed although they were done. */
async function duplicatesHeard({ url }) {
  const { status, body } = await ask(`${url}/metrics`);
  if (status !== 200) return 0;
  return String(body)
    .split('\n')
    .filter(
      (line) => !line.startsWith('#') && /outcome="duplicate"/.test(line) && /_(total|count)\{/.test(line),
    )
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** What was begun and could not be finished because its process was to end says so in the log. */
function begunAndGivenBack({ instance: { paths }, book }) {
  return book.terminations.flatMap(({ service, pid, at, ms }) =>
    readFileSync(join(paths.logs, `${service}.log`), 'utf8')
      .split('\n')
      .filter((line) => line.includes('message goes back') && line.includes(`"pid":${pid},`))
      .filter((line) => isWithin(Date.parse(JSON.parse(line).time), { at, ms }))
      .map((line) => `${service}: ${line}`),
  );
}

const isWithin = (time, { at, ms }) => time >= at && time <= at + ms;
