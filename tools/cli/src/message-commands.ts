import { serviceNames } from '@remitflow/kernel';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { DiscardOptions, ExportOptions, LetterQuery } from './commands/dead.ts';
import type { DecideOptions, EditOptions } from './commands/edits.ts';
import type { QueuesOptions } from './commands/queues.ts';
import type { ChangeOptions, RedriveOptions } from './commands/redrives.ts';
import type { RetryOptions } from './commands/retries.ts';
import type { OneService } from './messages/services.ts';
import type { Output } from './output.ts';

/** How main.ts makes commands. */
export type Maker = {
  group(name: string, description: string): Command;
  add(parent: Command, usage: string, description: string): Command;
  perform(work: (output: Output) => Promise<number>): () => Promise<void>;
  wholeNumber(text: string): number;
  program: Command;
};

/** Commands for people who operate messages. */
export function addMessageCommands(maker: Maker): void {
  const dead = maker.group('dead', 'messages that could not be processed');
  addReading(maker, dead);
  addRedriving(maker, dead);
  addEditing(maker, dead);
  addRetries(maker);
  const { add, perform, program } = maker;
  add(program, 'queues', 'how much waits where: queues, outboxes, receipts, retries, dead letters')
    .addOption(oneService())
    .option('--watch', 'again every second, until Ctrl-C')
    .action((options: QueuesOptions) =>
      perform(async (output) => (await import('./commands/queues.ts')).showQueues(options, output))(),
    );
}

const oneService = (): Option => new Option('--service <name>', 'of one service').choices([...serviceNames]);
const theService = (): Option => oneService().makeOptionMandatory();
const by = (): Option => new Option('--by <name>', 'who does it; REMITFLOW_OPERATOR, or you, when not given');
const reason = (): Option => new Option('--reason <text>', 'why; kept for ever, never personal');
const yes = (): Option => new Option('--yes', 'do not ask');

const withFilter = (command: Command, { wholeNumber }: Maker, service = oneService()): Command =>
  command
    .addOption(service)
    .option('--group <fingerprint>', 'of one cause, as `dead groups` names it')
    .option('--fact <name>', 'of one fact, for example requests.approved.v1')
    .option('--state <state>', 'open (when not given), redriving, redriven, edited or discarded')
    .option('--text <text>', 'part of a subject, or of a correlation, message or dead letter id')
    .option('--limit <number>', 'how many of each service', wholeNumber, 100);

function addReading(maker: Maker, dead: Command): void {
  const { add, perform } = maker;
  withFilter(add(dead, 'groups', 'by cause: how many, since when, in which releases'), maker).action(
    (query: LetterQuery) =>
      perform(async (output) => (await import('./commands/dead.ts')).groupDead(query, output))(),
  );
  withFilter(add(dead, 'list', 'one by one, the newest first'), maker).action((query: LetterQuery) =>
    perform(async (output) => (await import('./commands/dead.ts')).listDead(query, output))(),
  );
  add(dead, 'show <id>', 'one with its history, personal fields masked')
    .addOption(oneService())
    .action((id: string, options: OneService) =>
      perform(async (output) => (await import('./commands/dead.ts')).showDead(id, options, output))(),
    );
  withFilter(add(dead, 'export', 'all of a service, personal fields masked'), maker, theService())
    .addOption(new Option('--as <format>', 'format').choices(['csv', 'json']).default('csv'))
    .option('--out <file>', 'write to this file')
    .action((options: ExportOptions) =>
      perform(async (output) => (await import('./commands/dead.ts')).exportDead(options, output))(),
    );
  add(dead, 'discard <id>', 'never process it; it is kept')
    .addOption(oneService())
    .addOption(by())
    .addOption(reason())
    .action((id: string, options: DiscardOptions) =>
      perform(async (output) => (await import('./commands/dead.ts')).discardDead(id, options, output))(),
    );
}

function addRedriving({ add, perform, wholeNumber }: Maker, dead: Command): void {
  add(dead, 'redrive [ids...]', 'process dead letters once more: one, several, or all of a filter')
    .addOption(oneService())
    .option('--group <fingerprint>', 'all of one cause')
    .option('--fact <name>', 'all of one fact')
    .option('--text <text>', 'all with this in their subject or ids')
    .option('--all', 'all of a service')
    .option('--rate <number>', 'so many a second (20)', wholeNumber)
    .option('--canary <counts>', 'stages that are waited for (1,10,100)', stages)
    .option('--failures <number>', 'stops after more failures than this (0)', countOrNone)
    .addOption(by())
    .addOption(reason())
    .addOption(yes())
    .option('--watch', 'wait until it has ended; exit code 1 when something failed')
    .action((ids: string[], options: RedriveOptions) =>
      perform(async (output) => (await import('./commands/redrives.ts')).redriveDead(ids, options, output))(),
    );
  add(dead, 'runs [id]', 'redrives of many: how far they are, why they stopped')
    .addOption(oneService())
    .action((id: string | undefined, options: OneService) =>
      perform(async (output) => (await import('./commands/redrives.ts')).showRuns(id, options, output))(),
    );
  const changes = [
    ['pause', 'send no more for now'],
    ['stop', 'send no more; what is not sent is open again'],
    ['resume', 'go on with what is not sent and still open'],
  ] as const;
  for (const [act, description] of changes) {
    add(dead, `${act} <run>`, description)
      .addOption(oneService())
      .addOption(by())
      .addOption(reason())
      .action((id: string, options: ChangeOptions) =>
        perform(async (output) =>
          (await import('./commands/redrives.ts')).changeRun({ id, act }, options, output),
        )(),
      );
  }
}

function addEditing({ add, perform }: Maker, dead: Command): void {
  add(dead, 'edit <id>', 'propose other words for it, in your editor, from a file or with --set')
    .addOption(oneService())
    .option('--file <file>', 'the whole body as JSON')
    .option('--set <path=value>', 'one member; may be given again', collect, [])
    .addOption(by())
    .addOption(reason())
    .addOption(yes())
    .action((id: string, options: EditOptions) =>
      perform(async (output) => (await import('./commands/edits.ts')).editDead(id, options, output))(),
    );
  add(dead, 'edits', 'edits that wait for a second person')
    .addOption(oneService())
    .action((options: OneService) =>
      perform(async (output) => (await import('./commands/edits.ts')).listEdits(options, output))(),
    );
  add(dead, 'approve <edit>', 'process the edited message; not by who proposed it')
    .addOption(oneService())
    .addOption(by())
    .addOption(yes())
    .action((id: string, options: DecideOptions) =>
      perform(async (output) => (await import('./commands/edits.ts')).approveEdit(id, options, output))(),
    );
  add(dead, 'reject <edit>', "turn an edit down, or take one's own back")
    .addOption(oneService())
    .addOption(by())
    .addOption(reason())
    .action((id: string, options: DecideOptions) =>
      perform(async (output) => (await import('./commands/edits.ts')).rejectEdit(id, options, output))(),
    );
}

function addRetries({ group, add, perform }: Maker): void {
  const retries = group('retries', 'messages that are tried again later');
  add(retries, 'list', 'the next one first')
    .addOption(oneService())
    .action((options: OneService) =>
      perform(async (output) => (await import('./commands/retries.ts')).listRetries(options, output))(),
    );
  add(retries, 'run <message>', 'try it now')
    .addOption(oneService())
    .addOption(by())
    .action((id: string, options: RetryOptions) =>
      perform(async (output) => (await import('./commands/retries.ts')).runRetry(id, options, output))(),
    );
  add(retries, 'cancel <message>', 'end its tries and park it')
    .addOption(oneService())
    .addOption(by())
    .addOption(reason())
    .action((id: string, options: RetryOptions) =>
      perform(async (output) => (await import('./commands/retries.ts')).cancelRetry(id, options, output))(),
    );
}

const collect = (text: string, before: readonly string[]): string[] => [...before, text];

const stages = (text: string): number[] => {
  if (!/^(\d{1,6})(,\d{1,6})*$/.test(text))
    throw new InvalidArgumentError('Whole numbers, parted by commas.');
  return text
    .split(',')
    .map(Number)
    .filter((count) => count > 0);
};

const countOrNone = (text: string): number => {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
};
