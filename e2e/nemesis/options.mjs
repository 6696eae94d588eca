import { parseArgs } from 'node:util';

export const usage = `npm run nemesis -- [options]

  --minutes N      how long things are broken (10)
  --seed N         which faults, when, on what (drawn when not said)
  --claims N       claims a file of the bulk lane (2000)
  --every SECONDS  pause between files (20)
  --rate N         single requests a second (8)
  --cluster        three RabbitMQ nodes instead of one
  --next           RabbitMQ 4 of the next Debian release instead of the system's own
  --scenario NAME  poison | sigterm | paused-postgres, instead of the storm
  --only KINDS     these kinds of faults alone, with commas between
  --report FILE    writes the result as markdown
  --json           the last line is one JSON document
  --keep           keeps the state folder whatever happens`;

/** @throws when an option is not understood */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string' },
      claims: { type: 'string', default: '2000' },
      every: { type: 'string', default: '20' },
      rate: { type: 'string', default: '8' },
      cluster: { type: 'boolean', default: false },
      next: { type: 'boolean', default: false },
      scenario: { type: 'string' },
      only: { type: 'string' },
      report: { type: 'string' },
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const number = (name) => {
    const value = Number(values[name]);
    if (!(value > 0)) throw new Error(`--${name} wants a number above 0`);
    return value;
  };
  return {
    ...values,
    command: ['npm run nemesis --', ...args].join(' '),
    minutes: number('minutes'),
    seed: values.seed === undefined ? Date.now() % 1_000_000 : number('seed'),
    claims: number('claims'),
    everyMs: number('every') * 1000,
    rate: number('rate'),
    only: values.only?.split(','),
  };
}
