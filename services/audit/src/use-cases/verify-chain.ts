import { isSound, type Checkpoint } from '../domain/checkpoint.ts';
import { genesisHash } from '../domain/event.ts';
import { Problems } from '../domain/problems.ts';
import type { Problem } from '../domain/stream-check.ts';
import { checkEvents, type Needs as NeedsOfEvents } from './check-events.ts';

type Copy = { readonly number: number; readonly hash: string };
export type Needs = NeedsOfEvents & {
  chain: {
    freeze(): Promise<void>;
    forgotten(): Promise<Forgotten>;
    monthsOfHeads(): Promise<string[]>;
    headsAfter(
      place: { month: string; stream: string },
      limit: number,
    ): Promise<{ last: string | null; events: number; problems: Problem[] }>;
    beyondEnds(limit: number): Promise<Problem[]>;
    checkpointMisfits(first: number, last: number): Promise<Problem[]>;
    checkpointsAfter(number: number, limit: number): Promise<{ checkpoint: Checkpoint; heads: string[] }[]>;
  };
  copies?: { read(): AsyncIterable<Copy>; lastNumber(): Promise<number> };
};

/** What retention has dropped: it can no longer be verified, and nothing is missing because of it. */
export type Forgotten = {
  readonly months: readonly string[];
  readonly streams: number;
  readonly events: number;
};

export type Verification = {
  readonly verified: boolean;
  readonly events: number;
  readonly streams: number;
  readonly checkpoints: number;
  readonly forgotten: Forgotten;
  /** The first of them; `problemsFound` counts all. */
  readonly problems: readonly Problem[];
  readonly problemsFound: number;
};

/** How many rows one statement looks at: none takes long, however long the memory is. */
export type Pages = { readonly events: number; readonly heads: number; readonly checkpoints: number };

const usualPages: Pages = { events: 2_000, heads: 2_000, checkpoints: 20 };

/** Recomputes every hash there is, a page of events in memory at a time. */
export async function verifyChain(needs: Needs, pages: Pages = usualPages): Promise<Verification> {
  const problems = new Problems();
  const lastCopied = (await needs.copies?.lastNumber()) ?? 0;
  await needs.chain.freeze();
  const forgotten = await needs.chain.forgotten();
  const { events, streams } = await checkEvents(needs, problems, pages.events);
  const said = await checkHeads(needs, problems, pages.heads);
  if (problems.found > 0 || events + forgotten.events !== said)
    problems.add(await needs.chain.beyondEnds(beyondEndsMax));
  const checkpoints = await checkCheckpoints(needs, problems, pages.checkpoints);
  if (lastCopied > checkpoints) problems.add([forged(checkpoints + 1)]);
  const { first, found } = problems;
  const counts = { events, streams, checkpoints, forgotten };
  return { verified: found === 0, ...counts, problems: first, problemsFound: found };
}

/** How many events there should be by their heads. */
async function checkHeads({ chain }: Needs, problems: Problems, pageSize: number): Promise<number> {
  let said = 0;
  for (const month of await chain.monthsOfHeads())
    for (let stream: string | null = ''; stream !== null;) {
      const page = await chain.headsAfter({ month, stream }, pageSize);
      problems.add(page.problems);
      said += page.events;
      stream = page.last;
    }
  return said;
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

const forged = (number: number): Problem => ({
  stream: 'checkpoints',
  sequence: number,
  kind: 'forged',
  message: 'The checkpoint is not the one that was written.',
});

const beyondEndsMax = 10_000;
