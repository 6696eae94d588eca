import { parseArgs } from 'node:util';
import { runBank } from './bank.ts';

const usage =
  'usage: simulated-bank --outbox DIR --inbox DIR --state DIR [--poll-ms 200] [--late-ms 0] [--answer-twice]';

const { values } = parseArgs({
  options: {
    outbox: { type: 'string' },
    inbox: { type: 'string' },
    state: { type: 'string' },
    'poll-ms': { type: 'string', default: '200' },
    'late-ms': { type: 'string', default: '0' },
    'answer-twice': { type: 'boolean', default: false },
  },
});
const { outbox, inbox, state } = values;
const [pollMs, lateMs] = [Number(values['poll-ms']), Number(values['late-ms'])];
const answersTwice = values['answer-twice'];

if (
  !outbox ||
  !inbox ||
  !state ||
  !Number.isSafeInteger(pollMs) ||
  pollMs < 1 ||
  !Number.isSafeInteger(lateMs)
) {
  process.stderr.write(`${usage}\n`);
  process.exit(2);
}

const stopping = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.abort());

const log = (line: string): void => void process.stdout.write(`${new Date().toISOString()} bank: ${line}\n`);
log(`waiting for files in ${outbox}`);
await runBank({ outbox, inbox, state, pollMs, lateMs, answersTwice, signal: stopping.signal, log });
