import { parseArgs } from 'node:util';
import { runBank } from './bank.ts';

const usage = 'usage: simulated-bank --outbox DIR --inbox DIR --state DIR [--poll-ms 200]';

const { values } = parseArgs({
  options: {
    outbox: { type: 'string' },
    inbox: { type: 'string' },
    state: { type: 'string' },
    'poll-ms': { type: 'string', default: '200' },
  },
});
const { outbox, inbox, state } = values;
const pollMs = Number(values['poll-ms']);

if (!outbox || !inbox || !state || !Number.isSafeInteger(pollMs) || pollMs < 1) {
  process.stderr.write(`${usage}\n`);
  process.exit(2);
}

const stopping = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.abort());

const log = (line: string): void => void process.stdout.write(`${new Date().toISOString()} bank: ${line}\n`);
log(`waiting for files in ${outbox}`);
await runBank({ outbox, inbox, state, pollMs, signal: stopping.signal, log });
