import { maskPersonal } from '@remitflow/contracts';
import type { ChainedEvent } from '../domain/event.ts';

type Unread = ChainedEvent & { readonly position: number; read(): object };

export type Needs = { trail: { after(position: number, limit: number): Promise<Unread[]> } };

/**
 * Every event as one line of JSON, in the order recorded. Hashes cover a body through its digest, so the chain can be
 * recomputed from the export although what is personal in the bodies is masked.
 */
export async function* exportEvents({ trail }: Needs): AsyncGenerator<string> {
  for (let position = 0; ;) {
    const page = await trail.after(position, pageSize);
    for (const { position: _, read, ...event } of page)
      yield `${JSON.stringify({ ...event, body: maskPersonal(read()) })}\n`;
    if (page.length < pageSize) return;
    position = page.at(-1)!.position;
  }
}

const pageSize = 50;
