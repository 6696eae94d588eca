import {
  readClaimBatches,
  surveyClaims,
  type ClaimEvent,
  type ClaimReaderOptions,
  type X12Problem,
} from '@remitflow/x12';
import type { Format } from '../domain/declared-format.ts';
import { fromClaim } from '../domain/from-claim.ts';
import { fromJson } from '../domain/from-json.ts';
import { JsonItems, type JsonItem } from '../domain/json-items.ts';
import { interchangeOf } from '../domain/peek-interchange.ts';
import type { FileFailure, ReadBatch, ReadRequest, SurveyedBatch } from '../domain/request.ts';
import { readCsv } from './read-csv.ts';
import { Utf8Check } from './utf8-check.ts';

export type FileToRead = { readonly format: Format; readonly source: AsyncIterable<Buffer> };

export type ReadingOptions = Pick<ClaimReaderOptions, 'receiverIds'>;

/** Reads any submission into requests, batch by batch in memory of one batch; a failure is in the last one. */
export function readSubmission(file: FileToRead, options: ReadingOptions): AsyncGenerator<ReadBatch> {
  if (file.format === 'x12') return readX12(file.source, options);
  return file.format === 'csv' ? readCsv(file.source) : readJson(file.source);
}

/** Looks whether a submission is in order, and how many requests it holds: the failures are those of reading it. */
export function surveySubmission(file: FileToRead, options: ReadingOptions): AsyncGenerator<SurveyedBatch> {
  return file.format === 'x12' ? surveyX12(file.source, options) : readSubmission(file, options);
}

async function* surveyX12(
  source: AsyncIterable<Buffer>,
  options: ReadingOptions,
): AsyncGenerator<SurveyedBatch> {
  for await (const { claims, interchanges, problem } of surveyClaims(source, options)) {
    yield {
      count: claims,
      interchanges: interchanges.map(interchangeOf),
      ...(problem ? { failure: failureOf(problem) } : {}),
    };
  }
}

async function* readX12(source: AsyncIterable<Buffer>, options: ReadingOptions): AsyncGenerator<ReadBatch> {
  for await (const events of readClaimBatches(source, options)) {
    const claims = events.filter((event) => event.kind === 'claim').map(({ claim }) => claim);
    const problem = firstFatal(events);
    yield {
      count: claims.length,
      requests: () => claims.map(fromClaim),
      interchanges: events.filter((event) => event.kind === 'interchange').map(interchangeOf),
      ...(problem ? { failure: failureOf(problem) } : {}),
    };
    if (problem) return;
  }
}

function firstFatal(events: readonly ClaimEvent[]): X12Problem | undefined {
  for (const event of events) {
    if (event.kind !== 'problem') continue;
    if (event.severity === 'reject-file' || event.severity === 'reject-transaction') return event.problem;
  }
  return undefined;
}

const failureOf = ({
  code,
  message,
  byteOffset,
  segment,
  ordinal,
  element,
  loop,
}: X12Problem): FileFailure => ({
  code,
  message,
  byteOffset,
  ...(segment ? { segment } : {}),
  ...(ordinal === undefined ? {} : { segmentOrdinal: ordinal }),
  ...(element === undefined ? {} : { element }),
  ...(loop ? { loop } : {}),
});

async function* readJson(source: AsyncIterable<Buffer>): AsyncGenerator<ReadBatch> {
  const items = new JsonItems();
  const charset = new Utf8Check();
  let position = 0;
  for await (const chunk of source) {
    const wrong = charset.push(chunk);
    const batch = wrong ? { ...nothing, failure: wrong } : parseItems(items.push(chunk), position);
    position += batch.count;
    const failure = batch.failure ?? items.failure;
    yield { ...batch, ...(failure ? { failure } : {}) };
    if (failure) return;
  }
  const failure = charset.end() ?? items.end();
  if (failure) yield { ...nothing, failure };
}

const nothing: ReadBatch = { count: 0, requests: () => [] };

function parseItems(items: readonly JsonItem[], before: number): ReadBatch {
  const parsed: { raw: unknown; item: JsonItem }[] = [];
  let failure: FileFailure | undefined;
  for (const item of items) {
    const raw = parseJson(item);
    if ('failure' in raw) {
      failure = raw.failure;
      break;
    }
    parsed.push({ raw: raw.value, item });
  }
  return {
    count: parsed.length,
    requests: () => parsed.map(({ raw, item }, index) => requestOf(raw, item, before + index + 1)),
    ...(failure ? { failure } : {}),
  };
}

const requestOf = (raw: unknown, item: JsonItem, position: number): ReadRequest => ({
  position,
  request: fromJson(raw),
  byteOffset: item.byteOffset,
  byteLength: item.bytes.length,
});

function parseJson({ bytes, byteOffset }: JsonItem): { value: unknown } | { failure: FileFailure } {
  const text = bytes.toString('utf8');
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const [, place] = /at position (\d+)/.exec(String(error)) ?? [];
    const within = place === undefined ? 0 : Buffer.byteLength(text.slice(0, Number(place)));
    const message = 'The file is not valid JSON at this place.';
    return { failure: { code: 'json.malformed', message, byteOffset: byteOffset + within } };
  }
}
