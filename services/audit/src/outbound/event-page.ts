import { setImmediate } from 'node:timers/promises';
import type { ReadEvent } from '../domain/quick-check.ts';

export type Place = { readonly stream: string; readonly sequence: number };

/** Events whose end is known at once; they are read part by part. */
export type QuickPage = {
  readonly after: Place;
  readonly last: Place | undefined;
  /** Not before statements that were sent meanwhile have left: who reads events lets nothing else happen. */
  parts(): Promise<readonly QuickPart[]>;
};

type QuickPart = {
  readonly events: number;
  /** Undefined when a field holds a tab or a new line, which nothing does that was heard: it cannot be read like this. */
  read(): ReadEvent[] | undefined;
};

/** Events in one text, as the database puts them together: that is quicker than rows of columns. */
export type EventPart = { readonly events: number; readonly text: string };

/** So few that their text is read and forgotten before the memory for what is young is full. */
const eventsOfPart = 50;
/** Bodies in one page: those of small facts are small, those of bulk facts are not. */
const pageBytesMax = 2_000_000;

/** Of the month $1 behind the place $2, $3 as many events as asked for with $4, or as many bytes of bodies. */
export const pageSql = `
    from (select *, sum(octet_length(body)) over in_order as bytes, row_number() over in_order as place
            from (select * from events where month = $1 and (stream, sequence) > ($2, $3)
                   order by stream, sequence limit $4) page
            window in_order as (order by stream, sequence rows unbounded preceding)) events
   where bytes - octet_length(body) < ${pageBytesMax}`;

/** A line for each event, its fields behind tabs; hashes, digests and the body in hex. */
export const partsSql = `
  select count(*)::float8 as events, string_agg(concat_ws(e'\\t',
           stream, sequence, message_id, type, source, subject, time, correlation_id, coalesce(causation_id::text, ''),
           encode(body_digest, 'hex'), coalesce(encode(stored_digest, 'hex'), ''), encode(previous_hash, 'hex'), encode(hash, 'hex'),
           encode(body, 'hex')), e'\\n' order by place) as text ${pageSql}
   group by (place - 1) / ${eventsOfPart} order by (place - 1) / ${eventsOfPart}`;

export const pageOf = (after: Place, parts: readonly EventPart[]): QuickPage => ({
  after,
  last: lastPlaceIn(parts),
  async parts() {
    await setImmediate();
    return parts.map((part) => ({ events: part.events, read: () => readPart(part) }));
  },
});

function lastPlaceIn(parts: readonly EventPart[]): Place | undefined {
  const text = parts.at(-1)?.text;
  if (text === undefined) return undefined;
  const [stream, sequence] = text.slice(text.lastIndexOf('\n') + 1).split('\t', 2);
  return { stream: stream!, sequence: Number(sequence) || 0 };
}

function readPart({ events, text }: EventPart): ReadEvent[] | undefined {
  const lines = text.split('\n');
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
