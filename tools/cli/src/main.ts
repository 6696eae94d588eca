import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { CliError, exitCodes } from './cli-error.ts';
import type { GetOptions } from './commands/remittances.ts';
import type { DecideOptions } from './commands/reviews.ts';
import type { StartOptions } from './commands/start.ts';
import type { ApplyOptions } from './commands/topology.ts';
import type { UpOptions } from './commands/up.ts';
import { addMessageCommands } from './message-commands.ts';
import { Output } from './output.ts';

type Perform = (output: Output) => Promise<number>;

const program = new Command('remitflow')
  .description('Claims come in as X12 837 files; providers are paid by ACH and told why by 835.')
  .configureHelp({ showGlobalOptions: true })
  .version('0.1.0')
  .option('--json', 'one JSON document on the last line of standard output')
  .exitOverride()
  .addHelpText(
    'after',
    `
Exit codes: 0 done · 1 failed or not reconciled · 2 wrong usage · 3 the file cannot be used · 4 duplicate file · 5 not running
State is kept in .remitflow (REMITFLOW_STATE); DATABASE_URL and RABBITMQ_URL name servers of your own.`,
  );

const perform =
  (work: Perform): (() => Promise<void>) =>
  async () => {
    process.exitCode = await work(new Output({ json: wantsJson() }));
  };

const wantsJson = (): boolean => process.argv.includes('--json');

const wholeNumber = (text: string): number => {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
};

/** May be given several times. */
const scaleOption = (): Option =>
  new Option('--scale <service=number>', 'processes of a service, 1 to 8: validation=2,payout=2')
    .argParser((text: string, before: readonly string[]) => [...before, text])
    .default([], 'one of each');

function group(name: string, description: string): Command {
  return program.command(name).description(description);
}

function add(parent: Command, usage: string, description: string): Command {
  return parent
    .command(usage)
    .description(description)
    .option('--json', 'one JSON document on the last line');
}

add(program, 'start', 'start everything, take a thousand demonstration claims the whole way, and stay up')
  .option('--once', 'stop everything afterwards and exit; non-zero when a number does not reconcile')
  .option('--claims <number>', 'how many claims', wholeNumber)
  .addOption(scaleOption())
  .action((options: StartOptions) =>
    perform(async (output) => (await import('./commands/start.ts')).start(options, output))(),
  );

add(program, 'up', 'start servers and services')
  .option('--detach', 'return when every service is ready and leave them running')
  .addOption(scaleOption())
  .action(({ detach = false, scale }: Partial<UpOptions> & Pick<UpOptions, 'scale'>) =>
    perform(async (output) => (await import('./commands/up.ts')).up({ detach, scale }, output))(),
  );
add(program, 'down', 'stop everything that was started here').action(
  perform(async (output) => (await import('./commands/instance.ts')).down(output)),
);
add(program, 'status', 'each service: ready, process, consumer, outbox').action(
  perform(async (output) => (await import('./commands/instance.ts')).status(output)),
);
add(program, 'doctor', 'what this machine offers, and what to do about what is missing').action(
  perform(async (output) => (await import('./commands/instance.ts')).doctor(output)),
);

const payees = group('payees', 'who may be paid');
add(payees, 'import <file>', 'register payees from a CSV file (npi,tax_id,name,routing,account,…)').action(
  (file: string) =>
    perform(async (output) => (await import('./commands/payees.ts')).importPayees(file, output))(),
);

add(program, 'submit <file>', 'submit an 837, CSV or JSON file of requests')
  .option('--watch', 'wait until every request is decided, and show the outcome')
  .action((file: string, { watch }: { watch?: boolean }) =>
    perform(async (output) =>
      (await import('./commands/submit.ts')).submit(file, { watch: watch ?? false }, output),
    )(),
  );

const submissions = group('submissions', 'files that were submitted, and how far they are');
add(submissions, 'list', 'the newest submissions')
  .option('--limit <number>', 'how many', wholeNumber, 20)
  .action(({ limit }: { limit: number }) =>
    perform(async (output) => (await import('./commands/submissions.ts')).listSubmissions(limit, output))(),
  );
add(submissions, 'show <id>', 'how far one is, and what it waits for')
  .option('--watch', 'until every request is decided')
  .action((id: string, { watch = false }: { watch?: boolean }) =>
    perform(async (output) =>
      (await import('./commands/submissions.ts')).showSubmission(id, { watch }, output),
    )(),
  );

const requests = group('requests', 'payment requests as they were submitted');
add(requests, 'list', 'the newest requests')
  .option('--submission <id>', 'of one submission')
  .option('--status <status>', 'submitted, approved, held, rejected, denied, scheduled, paid …')
  .option('--claim <id>', 'with this claim id (CLM01)')
  .option('--limit <number>', 'how many', wholeNumber, 100)
  .action(
    ({
      submission,
      status: state,
      claim,
      limit,
    }: Record<'submission' | 'status' | 'claim' | 'limit', string | undefined>) =>
      perform(async (output) =>
        (await import('./commands/requests.ts')).listRequests(
          { submissionId: submission, status: state, claimId: claim, limit: String(limit) },
          output,
        ),
      )(),
  );
add(requests, 'show <id>', 'one request').action((id: string) =>
  perform(async (output) => (await import('./commands/requests.ts')).showRequest(id, output))(),
);

const reviews = group('reviews', 'requests that wait for a person');
add(reviews, 'list', 'what waits for a decision').action(
  perform(async (output) => (await import('./commands/reviews.ts')).listReviews(output)),
);
const decisions = ['approve', 'deny', 'reject'];
add(reviews, 'decide <id> <decision>', `decide a held request: ${decisions.join(', ')}`)
  .requiredOption('--note <text>', 'why; kept for ever')
  .option('--reviewer <name>', 'who decides; you when not given')
  .action((id: string, decision: string, options: DecideOptions) =>
    perform(async (output) =>
      (await import('./commands/reviews.ts')).decideReview({ requestId: id, decision, ...options }, output),
    )(),
  );

const payouts = group('payouts', 'payments and the files they leave in');
add(payouts, 'close', 'pay everything that is payable now')
  .option('--watch', 'wait until the remittances are posted')
  .action(({ watch }: { watch?: boolean }) =>
    perform(async (output) =>
      (await import('./commands/payouts.ts')).closePayouts({ watch: watch ?? false }, output),
    )(),
  );
add(payouts, 'list', 'payments')
  .option('--cycle <id>', 'of one cycle')
  .option('--status <status>', 'scheduled, sent, settled, returned …')
  .action((query: { cycle?: string; status?: string }) =>
    perform(async (output) => (await import('./commands/payouts.ts')).listPayments(query, output))(),
  );
add(payouts, 'show <id>', 'one payment').action((id: string) =>
  perform(async (output) => (await import('./commands/payouts.ts')).showPayment(id, output))(),
);

const remittances = group('remittances', '835s and what they explain');
add(remittances, 'list', 'remittances')
  .option('--cycle <id>', 'of one cycle')
  .option('--kind <kind>', 'payment, denial or reversal')
  .action((query: { cycle?: string; kind?: string }) =>
    perform(async (output) => (await import('./commands/remittances.ts')).listRemittances(query, output))(),
  );
add(remittances, 'get <id>', 'one remittance, to standard output or a file')
  .addOption(new Option('--as <format>', 'format').choices(['835', 'csv', 'json']).default('835'))
  .option('--out <file>', 'write to this file')
  .action((id: string, options: GetOptions) =>
    perform(async (output) =>
      (await import('./commands/remittances.ts')).getRemittance(id, options, output),
    )(),
  );

add(
  program,
  'trace <request>',
  'the whole way of one request (or claim id): file bytes, decision, trace number, 835 line',
).action((id: string) =>
  perform(async (output) => (await import('./commands/trace.ts')).trace(id, output))(),
);

const audit = group('audit', 'what happened, in an order that can be proved');
add(audit, 'verify', 'check every hash of the audit trail').action(
  perform(async (output) => (await import('./commands/audit.ts')).verifyAudit(output)),
);
add(audit, 'export', 'the whole trail as lines of JSON')
  .option('--out <file>', 'write to this file')
  .action((options: { out?: string }) =>
    perform(async (output) => (await import('./commands/audit.ts')).exportAudit(options, output))(),
  );

addMessageCommands({ program, group, add, perform, wholeNumber });

const topology = group('topology', 'exchanges, queues and bindings of the broker, as an administrator');
add(topology, 'check', 'what differs from the registry of facts').action(
  perform(async (output) => (await import('./commands/topology.ts')).checkTopology(output)),
);
add(topology, 'apply', 'declare what is missing, make anew what is broken, unbind what must not be')
  .option('--with-messages', 'also queues that hold messages: those are lost, and published again')
  .action((options: ApplyOptions) =>
    perform(async (output) => (await import('./commands/topology.ts')).applyTopology(options, output))(),
  );

const demo = group('demo', 'generated files to try things with');
add(demo, 'claims <file>', 'write an 837P of invented claims')
  .option('--claims <number>', 'how many', wholeNumber, 1000)
  .option('--run <number>', 'another run bills other services', wholeNumber, 1)
  .action((file: string, options: { claims: number; run: number }) =>
    perform(async (output) =>
      (await import('./commands/demo-files.ts')).writeClaimFile(file, options, output),
    )(),
  );
add(demo, 'payees <file>', 'write the CSV of the payees they name').action((file: string) =>
  perform(async (output) => (await import('./commands/demo-files.ts')).writePayeeFile(file, output))(),
);

/** Commander speaks for itself; everything else becomes two lines for people, or one document for scripts. */
function complain(error: unknown): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (error.exitCode !== 0) sayJson({ code: 'usage', message: error.message });
    return;
  }
  const { code = 'failed', nextAction, exitCode = exitCodes.failed } = error as Partial<CliError>;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`\n${message}\n${nextAction ? `→ ${nextAction}\n` : ''}`);
  sayJson({ code, message, nextAction });
  process.exitCode = exitCode;
}

function sayJson(error: { code: string; message: string; nextAction?: string }): void {
  if (wantsJson()) process.stdout.write(`${JSON.stringify({ error })}\n`);
}

// `remitflow requests list | head` closes our output: what is written then is lost, and the work goes on.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

for (const command of [program, ...program.commands, ...program.commands.flatMap((one) => one.commands)])
  command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  complain(error);
}
