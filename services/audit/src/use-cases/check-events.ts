import type { Sha256 } from '../domain/event.ts';
import type { Problems } from '../domain/problems.ts';
import { QuickCheck, type ReadEvent } from '../domain/quick-check.ts';
import { StreamCheck, type FoundEvent, type Problem, type StreamEnd } from '../domain/stream-check.ts';

type Place = { readonly stream: string; readonly sequence: number };
type Page = {
  readonly after: Place;
  readonly last: Place | undefined;
  parts(): Promise<readonly { readonly events: number; read(): ReadEvent[] | undefined }[]>;
};

export type Needs = {
  sha256: Sha256;
  bodyHolds: (read: ReadEvent) => boolean;
  chain: {
    months(): Promise<string[]>;
    eventsAfter(month: string, place: Place, limit: number): Promise<Page>;
    rowsAfter(month: string, place: Place, limit: number): Promise<ReadEvent[]>;
    eventsOf(month: string, place: Place, limit: number): Promise<FoundEvent[]>;
    anchorOf(stream: string): Promise<StreamEnd | undefined>;
  };
};

type Counts = { events: number; streams: number };

/** Recomputes the hashes of all events there are, and gives how many these are. */
export async function checkEvents(needs: Needs, problems: Problems, pageSize: number): Promise<Counts> {
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
  const after = (place: Place): Promise<Page> => chain.eventsAfter(month, place, pageSize);
  const rowsAfter = (place: Place, limit: number) => chain.rowsAfter(month, place, limit);
  let events = 0;
  let lookedInto = '';
  for (let page = await after(beginning); page.last;) {
    const following = after(page.last); // the database makes the next page while this one is checked
    const [next, checked] = await Promise.all([following, checkPage(check, page, rowsAfter)]);
    page = isSamePlace(checked.last, page.last) ? next : await after(checked.last);
    events += checked.events;
    checked.suspects.delete(lookedInto);
    for (const stream of checked.suspects) {
      problems.add(await lookInto(needs, { month, stream, pageSize }));
      lookedInto = stream;
    }
  }
  return { events, streams: check.streams };
}

type Rows = (place: Place, limit: number) => Promise<readonly ReadEvent[]>;
type Checked = { readonly events: number; readonly last: Place; readonly suspects: Set<string> };

async function checkPage(check: QuickCheck, page: Page, rowsAfter: Rows): Promise<Checked> {
  const suspects = new Set<string>();
  let events = 0;
  let last = page.after;
  for (const part of await page.parts()) {
    const read = part.read() ?? (await rowsAfter(last, part.events));
    for (const one of read) if (!check.holds(one)) suspects.add(one.event.stream);
    events += read.length;
    last = read.at(-1)!.event;
  }
  return { events, last, suspects };
}

const isSamePlace = (one: Place, other: Place): boolean =>
  one.stream === other.stream && one.sequence === other.sequence;

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

/** Bodies of bulk facts in one page of a stream that is looked into. */
const slowPageMax = 100;
