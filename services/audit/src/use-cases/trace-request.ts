import { maskPersonal } from '@remitflow/contracts';
import type { ChainedEvent } from '../domain/event.ts';
import { partAbout, paymentsIn } from '../domain/subjects.ts';

type Recorded = ChainedEvent & { readonly position: number; readonly body: object };

export type Needs = {
  trail: {
    /** Events found by any of the ids, and those that are found by these. */
    about(ids: readonly string[]): Promise<Recorded[]>;
  };
};

export type TrailEvent = Omit<ChainedEvent, 'bodyDigest' | 'storedDigest' | 'previousHash'> & {
  readonly body: unknown;
};

/**
 * All that happened to a request, its payments, the submission it came in and the cycle it is paid in, in the order of
 * time; what is personal is masked.
 */
export async function traceRequest({ trail }: Needs, requestId: string): Promise<TrailEvent[]> {
  const own = (await trail.about([requestId])).filter(({ body }) => partAbout(body, new Set([requestId])));
  const payments = own.flatMap(({ body }) => paymentsIn(body, requestId));
  const wider = [...new Set([...payments, ...own.flatMap(subjectsOfWhole)])];
  const events = [...own, ...(wider.length > 0 ? await trail.about(wider) : [])];
  const ids = new Set([requestId, ...payments]);
  const once = new Map(events.map((event) => [event.messageId, event]));
  return [...once.values()].sort(byTime).flatMap((event) => shown(event, ids));
}

/** The submission, and the cycle: what is said of them as a whole is said of the request. */
const subjectsOfWhole = ({ type, subject }: Recorded): string[] =>
  /^(requests|payouts\.scheduled)\./.test(type) ? [subject] : [];

const byTime = (a: Recorded, b: Recorded): number =>
  a.time < b.time ? -1 : a.time > b.time ? 1 : a.position - b.position;

function shown(event: Recorded, ids: ReadonlySet<string>): TrailEvent[] {
  const { bodyDigest: _body, storedDigest: _stored, previousHash: _previous, position: _, ...rest } = event;
  const part = partAbout(event.body, ids);
  return part ? [{ ...rest, body: maskPersonal(part) }] : [];
}
