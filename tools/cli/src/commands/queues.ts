import { serviceNames } from '@remitflow/kernel';
import { exitCodes } from '../cli-error.ts';
import { listenForInterruption } from '../interruption.ts';
import { age, queueLines, type QueueLine, type QueueReport } from '../messages/queue-table.ts';
import { gather, type OneService } from '../messages/services.ts';
import type { Output } from '../output.ts';

export type QueuesOptions = OneService & { readonly watch?: boolean };

/** How much waits where; with `--watch` again every second until Ctrl-C. */
export async function showQueues(options: QueuesOptions, output: Output): Promise<number> {
  const services = options.service ? [options.service] : serviceNames;
  const lines = (now: readonly QueueReport[], before: readonly QueueReport[]): QueueLine[] =>
    queueLines(services, now, before);
  if (options.watch) return watchQueues(options, lines, output);
  const before = await reports(options);
  await new Promise((resolve) => setTimeout(resolve, everyMs));
  const shown = lines(await reports(options), before);
  output.result(shown, () => writeLines(shown, output));
  return shown.every(({ answers }) => answers) ? exitCodes.ok : exitCodes.notRunning;
}

type ToLines = (now: readonly QueueReport[], before: readonly QueueReport[]) => QueueLine[];

async function watchQueues(options: QueuesOptions, toLines: ToLines, output: Output): Promise<number> {
  let before = await reports(options);
  const interruption = listenForInterruption();
  let isOver = false;
  const over = interruption.happened.then(() => (isOver = true));
  while (!isOver) {
    const now = await reports(options).catch(() => []);
    const shown = toLines(now, before);
    if (output.json) output.result(shown, () => undefined);
    else redraw(shown, output);
    before = now;
    await Promise.race([over, new Promise((resolve) => setTimeout(resolve, everyMs))]);
  }
  interruption.ignore();
  return exitCodes.ok;
}

const everyMs = 1_000;

/** On a terminal in the same place; elsewhere one table after the other. */
function redraw(lines: readonly QueueLine[], output: Output): void {
  if (process.stdout.isTTY) process.stdout.write('\u001b[H\u001b[2J');
  writeLines(lines, output);
  output.line(process.stdout.isTTY ? '\n  Ctrl-C ends.' : '');
}

/** A service that is away is left out, and told apart by the table. */
async function reports(options: OneService): Promise<QueueReport[]> {
  return (await gather<QueueReport>(options, '/ops/queues')).answers.map(({ body }) => body);
}

function writeLines(lines: readonly QueueLine[], output: Output): void {
  output.table(
    [
      'service',
      'depth',
      'in/s',
      'out/s',
      'consumers',
      'oldest',
      'outbox',
      'its age',
      'awaited',
      'retries',
      'dead',
    ],
    lines.map((line) =>
      line.answers
        ? [
            line.service,
            line.depth ?? '?',
            line.inPerSecond ?? '?',
            line.outPerSecond ?? '?',
            line.consumers ?? '?',
            age(line.oldestAgeMs),
            line.outboxRows,
            age(line.outboxAgeMs),
            line.awaiting,
            line.retries,
            line.deadLetters,
          ]
        : [line.service, 'does not answer', ...Array<string>(9).fill('')],
    ),
  );
}
