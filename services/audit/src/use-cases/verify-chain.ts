import { isSound, type Checkpoint, type StreamHead } from '../domain/checkpoint.ts';
import { genesisHash, type Sha256 } from '../domain/event.ts';
import { StreamCheck, type FoundEvent, type Problem } from '../domain/stream-check.ts';

type Copy = { readonly number: number; readonly hash: string };

export type Needs = {
  sha256: Sha256;
  chain: {
    freeze(): Promise<void>;
    eventsAfter(place: { stream: string; sequence: number }, limit: number): Promise<FoundEvent[]>;
    headsAfter(stream: string, limit: number): Promise<{ streams: string[]; problems: Problem[] }>;
    checkpointMisfits(first: number, last: number): Promise<Problem[]>;
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

/** How many rows one statement looks at: none takes long, however long the memory is. */
export type Pages = { readonly events: number; readonly heads: number; readonly checkpoints: number };

const usualPages: Pages = { events: 100, heads: 1_000, checkpoints: 20 };

/** Recomputes every hash there is, a page of events in memory at a time. */
export async function verifyChain(needs: Needs, pages: Pages = usualPages): Promise<Verification> {
  const problems = new Problems();
  const lastCopied = (await needs.copies?.lastNumber()) ?? 0;
  await needs.chain.freeze();
  const { events, streams } = await checkStreams(needs, problems, pages.events);
  await checkHeads(needs, problems, pages.heads);
  const checkpoints = await checkCheckpoints(needs, problems, pages.checkpoints);
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
  pageSize: number,
): Promise<{ events: number; streams: number }> {
  let check = new StreamCheck('', sha256);
  let place = { stream: '', sequence: 0 };
  let events = 0;
  let streams = 0;
  for (;;) {
    const page = await chain.eventsAfter(place, pageSize);
    for (const found of page) {
      if (found.event.stream !== check.stream) {
        problems.add(check.end());
        check = new StreamCheck(found.event.stream, sha256);
        streams += 1;
      }
      problems.add(check.see(found));
      if (found.isBeyondEnd) problems.add([beyondEnd(found.event)]);
    }
    events += page.length;
    if (page.length < pageSize) {
      problems.add(check.end());
      return { events, streams };
    }
    place = page.at(-1)!.event;
  }
}

async function checkHeads({ chain }: Needs, problems: Problems, pageSize: number): Promise<void> {
  for (let last: string | undefined = ''; last !== undefined;) {
    const page = await chain.headsAfter(last, pageSize);
    problems.add(page.problems);
    last = page.streams.at(-1);
  }
}

async function checkCheckpoints(
  { chain, copies, sha256 }: Needs,
  problems: Problems,
  pageSize: number,
): Promise<number> {
  const copied = new CopiesInStep(copies?.read());
  let last = { number: 0, hash: genesisHash };
  for (;;) {
    const page = await chain.checkpointsAfter(last.number, pageSize);
    const [first, end] = [page[0], page.at(-1)];
    if (first && end)
      problems.add(await chain.checkpointMisfits(first.checkpoint.number, end.checkpoint.number));
    for (const found of page) {
      const agrees = await copied.agree(found.checkpoint);
      if (!agrees || !isSound(found, last, sha256)) problems.add([forged(found.checkpoint.number)]);
      last = found.checkpoint;
    }
    if (page.length < pageSize) return last.number;
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

const beyondEnd = ({ stream, sequence }: FoundEvent['event']): Problem => ({
  stream,
  sequence,
  kind: 'inserted',
  message: 'The event stands behind the end of its stream.',
});

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

const problemsMax = 1_000;
