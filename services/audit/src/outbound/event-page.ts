import type { ReadEvent } from '../domain/quick-check.ts';

/** Events in one text, as the database puts them together: that is quicker than rows of columns. */
export type EventPage = { readonly events: number; readonly text: string };

/** A line for each event, its fields behind tabs; hashes, digests and the body in hex. */
export const pageColumns = `count(*)::float8 as events, coalesce(string_agg(concat_ws(e'\\t',
  stream, sequence, message_id, type, source, subject, time, correlation_id, coalesce(causation_id::text, ''),
  encode(body_digest, 'hex'), coalesce(encode(stored_digest, 'hex'), ''), encode(previous_hash, 'hex'), encode(hash, 'hex'),
  encode(body, 'hex')), e'\\n'), '') as text`;

/** The place of the last event, known before the rest is read. */
export function lastPlaceIn({ events, text }: EventPage): { stream: string; sequence: number } | undefined {
  if (events === 0) return undefined;
  const [stream, sequence] = text.slice(text.lastIndexOf('\n') + 1).split('\t', 2);
  return { stream: stream!, sequence: Number(sequence) || 0 };
}

/** Undefined when a field holds a tab or a new line, which nothing does that was heard: it cannot be read like this. */
export function readPage({ events, text }: EventPage): ReadEvent[] | undefined {
  const lines = text === '' ? [] : text.split('\n');
  if (lines.length !== events) return undefined;
  const read: ReadEvent[] = [];
  for (const line of lines) {
    const fields = line.split('\t');
    if (fields.length !== 14) return undefined;
    read.push(readLine(fields as Fields));
  }
  return read;
}

const readLine = (fields: Fields): ReadEvent => ({
  event: {
    stream: fields[0],
    sequence: Number(fields[1]),
    messageId: fields[2],
    type: fields[3],
    source: fields[4],
    subject: fields[5],
    time: fields[6],
    correlationId: fields[7],
    causationId: fields[8] || null,
    bodyDigest: fields[9],
    storedDigest: fields[10] || null,
    previousHash: fields[11],
    hash: fields[12],
  },
  body: Buffer.from(fields[13], 'hex'),
});

type Fields = [...FourFields, ...FourFields, ...FourFields, string, string];
type FourFields = [string, string, string, string];
