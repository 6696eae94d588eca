import type { Envelope } from '@remitflow/messaging';

export type Needs = { events: { append(event: { id: string; factName: string }): Promise<void> } };

/** Remembers a fact. */
export async function appendFact(
  { events }: Needs,
  fact: { envelope: Envelope; body: object },
): Promise<void> {
  await events.append({ id: fact.envelope.id, factName: fact.envelope.type });
}
