import type { ServiceName } from '@remitflow/kernel';
import { CliError, exitCodes } from '../cli-error.ts';
import { findLetter } from '../messages/letters.ts';
import { confirm, reasonOf } from '../messages/question.ts';
import { findOwner, gather, operator, warnOfSilence, type OneService } from '../messages/services.ts';
import type { Output } from '../output.ts';
import { call, post, watch } from '../service-client.ts';
import { queryOf, type Group } from './dead.ts';

export type RedriveOptions = OneService & {
  readonly group?: string;
  readonly fact?: string;
  readonly text?: string;
  readonly all?: boolean;
  readonly rate?: number;
  readonly canary?: readonly number[];
  readonly failures?: number;
  readonly by?: string;
  readonly reason?: string;
  readonly yes?: boolean;
  readonly watch?: boolean;
};

type Run = {
  readonly runId: string;
  readonly state: string;
  readonly by: string;
  readonly reason: string;
  readonly haltedBecause: string | null;
  readonly startedAt: string;
  readonly counts: Record<'letters' | 'left' | 'underWay' | 'handled' | 'failed', number>;
};

type Hold = { readonly runId: string; readonly by: string; readonly letters: number };
type Started = { readonly run: Run; readonly underWay: readonly Hold[] };
type Selected = { readonly service: ServiceName; readonly letters: number; readonly selection: object };

/** One letter at once; several, or all of a filter, as a run with a rate and a canary. */
export async function redriveDead(
  ids: readonly string[],
  options: RedriveOptions,
  output: Output,
): Promise<number> {
  const isFiltered = [options.group, options.fact, options.text, options.all].some(Boolean);
  if (isFiltered === ids.length > 0) {
    throw new CliError('selection', 'Give ids, or a filter (--group, --fact, --text) or --all.', {
      nextAction: 'See what there is with `npx remitflow dead groups`.',
      exitCode: exitCodes.usage,
    });
  }
  if (ids.length === 1) return redriveOne(ids[0]!, options, output);
  const selected = ids.length > 0 ? await selectIds(ids, options) : await selectFilter(options);
  return startRun(selected, options, output);
}

async function redriveOne(id: string, options: RedriveOptions, output: Output): Promise<number> {
  const { service } = await findLetter(id, options);
  const { reason } = options;
  const act = { by: operator(options.by), ...(reason ? { reason } : {}) };
  const result = await post<object>(service, `/ops/dead-letters/${id}/redrive`, act);
  output.result({ ...result, service }, () => output.line(`${service} processes ${id} once more.`));
  return exitCodes.ok;
}

async function selectIds(ids: readonly string[], options: OneService): Promise<Selected> {
  const owners = await Promise.all(ids.map(async (id) => (await findLetter(id, options)).service));
  const [service, ...others] = [...new Set(owners)];
  if (others.length > 0) throw severalServices([service!, ...others]);
  return { service: service!, letters: new Set(ids).size, selection: { ids } };
}

async function selectFilter(options: RedriveOptions): Promise<Selected> {
  const { service, group, fact, text } = options;
  const filter = { service, group, fact, text };
  const { answers } = await gather<Group[]>(filter, `/ops/dead-letters/groups?limit=1000&${queryOf(filter)}`);
  const [owner, ...others] = answers.filter(({ body }) => body.length > 0);
  if (!owner) throw new CliError('nothing-open', 'No open dead letter is meant by this.');
  if (others.length > 0) throw severalServices([owner, ...others].map((one) => one.service));
  const letters = owner.body.reduce((sum, one) => sum + one.letters, 0);
  const selection = options.all ? { all: true } : { group, fact, text };
  return { service: owner.service, letters, selection };
}

const severalServices = (services: readonly string[]): CliError =>
  new CliError(
    'several-services',
    `These dead letters are of ${services.join(' and ')}: redrive one after the other.`,
    {
      nextAction: 'Name one with --service.',
      exitCode: exitCodes.usage,
    },
  );

async function startRun(
  { service, letters, selection }: Selected,
  options: RedriveOptions,
  output: Output,
): Promise<number> {
  await confirm(`Redrive ${letters} dead letters of ${service}?`, options.yes);
  const started = await post<Started>(service, '/ops/redrives', {
    ...selection,
    by: operator(options.by),
    reason: await reasonOf(options.reason),
    expected: letters,
    ...(options.rate === undefined ? {} : { perSecond: options.rate }),
    ...(options.canary === undefined ? {} : { canary: options.canary }),
    ...(options.failures === undefined ? {} : { failureLimit: options.failures }),
  });
  const { runId } = started.run;
  output.line(`Run ${runId} redrives ${started.run.counts.letters} dead letters of ${service}.`);
  for (const { by, letters: held } of started.underWay) output.line(`${by} redrives ${held} others already.`);
  if (!options.watch) {
    output.result({ service, ...started }, () => output.line(`See \`npx remitflow dead runs ${runId}\`.`));
    return exitCodes.ok;
  }
  return followRun(service, runId, output);
}

async function followRun(service: ServiceName, runId: string, output: Output): Promise<number> {
  const first = await call<Run>(service, `/ops/redrives/${runId}`);
  const progress = output.progress('redriven', first.counts.letters, 'letters');
  const run = await watch(() => call<Run>(service, `/ops/redrives/${runId}`), {
    what: 'the run has ended',
    done: ({ state }) => state !== 'running',
    on: ({ counts }) => progress.update(counts.handled + counts.failed),
  }).finally(() => progress.stop());
  output.result({ service, run }, () => writeRun({ ...run, service }, output));
  return run.state === 'finished' && run.counts.failed === 0 ? exitCodes.ok : exitCodes.failed;
}

type OwnedRun = Run & {
  readonly service: ServiceName;
  readonly failures?: readonly { code: string; letters: number; sample: string }[];
};

export async function showRuns(id: string | undefined, options: OneService, output: Output): Promise<number> {
  if (id !== undefined) {
    const { service, body } = await findRun(id, options);
    output.result({ ...body, service }, () => writeRun({ ...body, service }, output));
    return exitCodes.ok;
  }
  const gathered = await gather<Run[]>(options, '/ops/redrives?limit=50');
  const runs = gathered.answers
    .flatMap(({ service, body }) => body.map((run) => ({ ...run, service })))
    .sort((one, other) => other.startedAt.localeCompare(one.startedAt));
  output.result(runs, () => {
    if (runs.length === 0) return output.line('Nothing was redriven yet but one by one.');
    output.table(
      ['run', 'service', 'state', 'letters', 'handled', 'failed', 'under way', 'left', 'by', 'why'],
      runs.map(({ counts, ...run }) => [
        run.runId,
        run.service,
        run.state,
        counts.letters,
        counts.handled,
        counts.failed,
        counts.underWay,
        counts.left,
        run.by,
        run.reason,
      ]),
    );
  });
  return warnOfSilence(gathered, output);
}

function writeRun(run: OwnedRun, output: Output): void {
  const { counts } = run;
  output.line(`Run ${run.runId} of ${run.by} at ${run.service} is ${run.state}: ${run.reason}`);
  output.line(
    `  ${counts.letters} letters: ${counts.handled} handled, ${counts.failed} failed, ${counts.underWay} under way, ${counts.left} to be sent`,
  );
  if (run.haltedBecause && run.state !== 'running') output.line(`  ${run.haltedBecause}`);
  for (const { code, letters, sample } of run.failures ?? [])
    output.line(`  ${code} ${letters}, e.g. ${sample}`);
}

export type ChangeOptions = OneService & { readonly by?: string; readonly reason?: string };

export async function changeRun(
  wanted: { id: string; act: 'pause' | 'stop' | 'resume' },
  options: ChangeOptions,
  output: Output,
): Promise<number> {
  const { service } = await findRun(wanted.id, options);
  const act = { by: operator(options.by), reason: await reasonOf(options.reason) };
  const run = await post<Run>(service, `/ops/redrives/${wanted.id}/${wanted.act}`, act);
  output.result({ ...run, service }, () => writeRun({ ...run, service }, output));
  return exitCodes.ok;
}

const findRun = (id: string, options: OneService): Promise<{ service: ServiceName; body: OwnedRun }> =>
  findOwner<OwnedRun>(
    options,
    { path: '/ops/redrives', id },
    {
      code: 'run-unknown',
      message: `No service has a run ${id}.`,
      nextAction: 'List them with `npx remitflow dead runs`.',
    },
  );
