import { setImmediate } from 'node:timers/promises';
import { isSound, type Checkpoint } from '../domain/checkpoint.ts';
import { genesisHash, type Sha256 } from '../domain/event.ts';
import { Problems } from '../domain/problems.ts';
import { QuickCheck, type ReadEvent } from '../domain/quick-check.ts';
import { StreamCheck, type FoundEvent, type Problem, type StreamEnd } from '../domain/stream-check.ts';

type Copy = { readonly number: number; readonly hash: string };
type Place = { readonly stream: string; readonly sequence: number };

export type Needs = {
  sha256: Sha256;
  bodyHolds: (read: ReadEvent) => boolean;
  chain: {
    freeze(): Promise<void>;
    months(): Promise<string[]>;
    eventsAfter(
      month: string,
      place: Place,
      limit: number,
    ): Promise<{ last: Place | undefined; read(): ReadEvent[] | undefined }>;
    rowsAfter(month: string, place: Place, limit: number): Promise<ReadEvent[]>;
    eventsOf(month: string, place: Place, limit: number): Promise<FoundEvent[]>;
    anchorOf(stream: string): Promise<StreamEnd | undefined>;
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

type Counts = { events: number; streams: number };

async function checkEvents(needs: Needs, problems: Problems, pageSize: number): Promise<Counts> {
  const counts = { events: 0, streams: 0 };
  for (const month of await needs.chain.months()) {
    const { events, streams } = await checkMonth(needs, { month, pageSize, problems });
    counts.events += events;
    counts.streams += streams;
  }
  return counts;
}

type OfMonth = { readonly month: string; readonly pageSize: number; readonly problems: Problems };

async function checkMonth(needs: Needs, { month, pageSize, problems }: OfMonth): Promise<Counts> {
  const { chain, sha256, bodyHolds } = needs;
  const check = new QuickCheck(sha256, bodyHolds);
  const after = (last: Place) => chain.eventsAfter(month, last, pageSize);
  let events = 0;
  let lookedInto = '';
  for (let place = beginning, page = await after(place); page.last;) {
    const { read: readQuick } = page;
    const checkSoon = async (): Promise<Checked | undefined> => {
      await setImmediate(); // else the statement for the next page would leave only when this one is checked
      const quick = readQuick();
      return quick && checked(check, quick);
    };
    const [following, quick] = await Promise.all([after(page.last), checkSoon()]);
    const { read, suspects } = quick ?? checked(check, await chain.rowsAfter(month, place, pageSize));
    page = following;
    place = read.at(-1)!.event;
    if (!quick) page = await after(place);
    events += read.length;
    suspects.delete(lookedInto);
    for (const stream of suspects) {
      problems.add(await lookInto(needs, { month, stream, pageSize }));
      lookedInto = stream;
    }
  }
  return { events, streams: check.streams };
}

type Checked = { readonly read: readonly ReadEvent[]; readonly suspects: Set<string> };

const checked = (check: QuickCheck, read: readonly ReadEvent[]): Checked => ({
  read,
  suspects: new Set(read.filter((one) => !check.holds(one)).map(({ event }) => event.stream)),
});

const beginning = { stream: '', sequence: 0 };

/** Goes through one stream from its beginning, or from where it was forgotten, and says what was done to it. */
async function lookInto(
  { chain, sha256 }: Needs,
  { month, stream, pageSize }: { month: string; stream: string; pageSize: number },
): Promise<Problem[]> {
  const check = new StreamCheck(stream, sha256, await chain.anchorOf(stream));
  const problems: Problem[] = [];
  for (let sequence = 0; ;) {
    const page = await chain.eventsOf(month, { stream, sequence }, Math.min(pageSize, slowPageMax));
    problems.push(...page.flatMap((found) => check.see(found)));
    const last = page.at(-1);
    if (!last) return [...problems, ...check.end()];
    sequence = last.event.sequence;
  }
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

/** Bodies of bulk facts in one page of a stream that is looked into. */
const slowPageMax = 100;
const beyondEndsMax = 10_000;
