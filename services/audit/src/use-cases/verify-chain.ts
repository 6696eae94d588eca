import { isSound, type Checkpoint, type StreamHead } from '../domain/checkpoint.ts';
import { genesisHash, type Sha256 } from '../domain/event.ts';
import { StreamCheck, type FoundEvent, type Problem } from '../domain/stream-check.ts';

type Copy = { readonly number: number; readonly hash: string };

export type Needs = {
  sha256: Sha256;
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
  { chain, sha256 }: Needs,
  problems: Problems,
): Promise<{ events: number; streams: number }> {
  let check = new StreamCheck('', sha256);
  let place = { stream: '', sequence: 0 };
  let events = 0;
  let streams = 0;
  for (;;) {
    const page = await chain.eventsAfter(place, eventsPerPage);
    for (const found of page) {
      if (found.event.stream !== check.stream) {
        problems.add(check.end());
        check = new StreamCheck(found.event.stream, sha256);
        streams += 1;
      }
      problems.add(check.see(found));
    }
    events += page.length;
    if (page.length < eventsPerPage) {
      problems.add(check.end());
      return { events, streams };
    }
    place = page.at(-1)!.event;
  }
}

async function checkCheckpoints({ chain, copies, sha256 }: Needs, problems: Problems): Promise<number> {
  const copied = new CopiesInStep(copies?.read());
  let last = { number: 0, hash: genesisHash };
  for (;;) {
    const page = await chain.checkpointsAfter(last.number, checkpointsPerPage);
    for (const found of page) {
      const agrees = await copied.agree(found.checkpoint);
      if (!agrees || !isSound(found, last, sha256)) problems.add([forged(found.checkpoint.number)]);
      last = found.checkpoint;
    }
    if (page.length < checkpointsPerPage) return last.number;
  }
}

/** The copies, read in step with the checkpoints: a checkpoint without a copy agrees with all. */
class CopiesInStep {
  readonly #copies: AsyncIterator<Copy> | undefined;
  #next: Copy | undefined;

  constructor(copies: AsyncIterable<Copy> | undefined) {
    this.#copies = copies?.[Symbol.asyncIterator]();
  }

  async agree({ number, hash }: Checkpoint): Promise<boolean> {
    while (this.#copies && (this.#next?.number ?? 0) < number) {
      const { value, done } = await this.#copies.next();
      this.#next = done ? { number: Infinity, hash: '' } : (value as Copy);
    }
    return this.#next?.number !== number || this.#next.hash === hash;
  }
}

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
