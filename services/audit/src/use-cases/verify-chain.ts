import { checkpointHash, digestOfHeads, type Checkpoint, type StreamHead } from '../domain/checkpoint.ts';
import { genesisHash } from '../domain/event.ts';
import { StreamCheck, type FoundEvent, type Problem } from '../domain/stream-check.ts';

type Copy = { readonly number: number; readonly hash: string };

export type Needs = {
  chain: {
    freeze(): Promise<void>;
    eventsAfter(place: { stream: string; sequence: number }, limit: number): Promise<FoundEvent[]>;
    misfits(limit: number): Promise<Problem[]>;
    checkpointsAfter(
      number: number,
      limit: number,
    ): Promise<{ checkpoint: Checkpoint; heads: StreamHead[] }[]>;
  };
  copies?: { read(): AsyncIterable<Copy>; lastNumber(): Promise<number> };
};

export type Verification = {
  readonly verified: boolean;
  readonly events: number;
  readonly streams: number;
  readonly checkpoints: number;
  /** The first of them; `problemsFound` counts all. */
  readonly problems: readonly Problem[];
  readonly problemsFound: number;
};

/** Recomputes every hash there is, a page of events in memory at a time. */
export async function verifyChain(needs: Needs): Promise<Verification> {
  const problems = new Problems();
  const lastCopied = (await needs.copies?.lastNumber()) ?? 0;
  await needs.chain.freeze();
  const { events, streams } = await checkStreams(needs, problems);
  problems.add(await needs.chain.misfits(problemsMax));
  const checkpoints = await checkCheckpoints(needs, problems);
  if (lastCopied > checkpoints) problems.add([forged(checkpoints + 1)]);
  return {
    verified: problems.found === 0,
    events,
    streams,
    checkpoints,
    problems: problems.first,
    problemsFound: problems.found,
  };
}

async function checkStreams(
  { chain }: Needs,
  problems: Problems,
): Promise<{ events: number; streams: number }> {
  let check = new StreamCheck('');
  let place = { stream: '', sequence: 0 };
  let events = 0;
  let streams = 0;
  for (;;) {
    const page = await chain.eventsAfter(place, eventsPerPage);
    for (const found of page) {
      if (found.event.stream !== check.stream) {
        check = new StreamCheck(found.event.stream);
        streams += 1;
      }
      problems.add(check.see(found));
    }
    events += page.length;
    if (page.length < eventsPerPage) return { events, streams };
    place = page.at(-1)!.event;
  }
}

async function checkCheckpoints({ chain, copies }: Needs, problems: Problems): Promise<number> {
  const copied = copies?.read()[Symbol.asyncIterator]();
  let copy = (await copied?.next())?.value as Copy | undefined;
  let last = { number: 0, hash: genesisHash };
  for (;;) {
    const page = await chain.checkpointsAfter(last.number, checkpointsPerPage);
    for (const { checkpoint, heads } of page) {
      const isCopied = copy?.number === checkpoint.number;
      const agrees = !isCopied || copy?.hash === checkpoint.hash;
      if (!agrees || !isSound(checkpoint, heads, last)) problems.add([forged(checkpoint.number)]);
      if (isCopied) copy = (await copied?.next())?.value as Copy | undefined;
      last = checkpoint;
    }
    if (page.length < checkpointsPerPage) break;
  }
  return last.number;
}

const isSound = (
  checkpoint: Checkpoint,
  heads: readonly StreamHead[],
  previous: { number: number; hash: string },
): boolean =>
  checkpoint.number === previous.number + 1 &&
  checkpoint.previousHash === previous.hash &&
  checkpoint.headsDigest === digestOfHeads(heads) &&
  checkpoint.hash === checkpointHash(checkpoint);

const forged = (number: number): Problem => ({
  stream: 'checkpoints',
  sequence: number,
  kind: 'forged',
  message: 'The checkpoint is not the one that was written.',
});

/** Counts all problems, keeps the first of them. */
class Problems {
  readonly first: Problem[] = [];
  found = 0;

  add(problems: readonly Problem[]): void {
    for (const problem of problems) {
      if (this.#isKnown(problem)) continue;
      this.found += 1;
      if (this.first.length < problemsMax) this.first.push(problem);
    }
  }

  /** What the hashes and the heads both show is one problem. */
  #isKnown({ stream, sequence, kind }: Problem): boolean {
    return this.first.some(
      (known) => known.stream === stream && known.sequence === sequence && known.kind === kind,
    );
  }
}

const eventsPerPage = 100;
const checkpointsPerPage = 20;
const problemsMax = 1_000;
