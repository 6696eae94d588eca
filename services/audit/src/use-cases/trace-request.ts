import { maskPersonal } from '@remitflow/contracts';
import type { ChainedEvent } from '../domain/event.ts';
import { partAbout } from '../domain/subjects.ts';

export type Needs = {
  trail: {
    about(requestId: string): Promise<(ChainedEvent & { body: object })[]>;
    paymentsOf(requestId: string): Promise<string[]>;
  };
};

export type TrailEvent = Omit<ChainedEvent, 'bodyDigest' | 'previousHash'> & { readonly body: unknown };

/** All that happened to a request, in the order of time; what is personal is masked. */
export async function traceRequest({ trail }: Needs, requestId: string): Promise<TrailEvent[]> {
  const ids = new Set([requestId, ...(await trail.paymentsOf(requestId))]);
  const events = await trail.about(requestId);
  return events.map(({ bodyDigest: _digest, previousHash: _previous, body, ...event }) => ({
    ...event,
    body: maskPersonal(partAbout(body, ids)),
  }));
}
