import { RequestsSubmitted, SubmissionsReceived } from '@remitflow/contracts';
import { canonicalJson, dayOf, ok, refuse, type Result } from '@remitflow/kernel';
import type { Outbox } from '@remitflow/messaging';
import type { Refusal } from '../domain/declared-format.ts';
import { fromJson } from '../domain/from-json.ts';
import { requestIdOf } from '../domain/request-id.ts';
import { submittedRequest } from '../domain/submitted-request.ts';
import type { Fault, ReadRequest, Request } from '../domain/request.ts';
import { rawPathOf, type NewSubmission } from '../domain/submission.ts';

type KeyUse = {
  readonly key: string;
  readonly bodySha256: string;
  readonly submissionId: string;
  readonly requestId: string;
};

type Incoming = {
  readonly bytes: number;
  readonly sha256: string;
  keep(path: string): Promise<void>;
  settle(): Promise<void>;
  discard(): Promise<void>;
};

type Work = {
  readonly outbox: Outbox;
  readonly submissions: {
    add(submission: NewSubmission): Promise<boolean>;
    advance(submissionId: string, to: { part: number; positions: number; bytesRead: number }): Promise<void>;
    finish(submissionId: string, finishedAt: Date): Promise<void>;
  };
  readonly requests: {
    addAll(
      submissionId: string,
      requests: readonly (ReadRequest & { readonly requestId: string })[],
      submittedAt: Date,
    ): Promise<void>;
  };
  readonly keys: {
    lock(key: string): Promise<void>;
    find(key: string): Promise<KeyUse | undefined>;
    add(use: KeyUse, createdAt: Date): Promise<void>;
  };
};

export type Needs = {
  readonly files: { receive(source: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Incoming> };
  readonly work: <T>(perform: (work: Work) => Promise<T>) => Promise<T>;
  readonly newId: () => string;
  readonly now: () => Date;
};

export type SubmittedIds = { readonly requestId: string; readonly submissionId: string };

export type RequestRefusal = Refusal & { readonly faults?: readonly Fault[] };

/**
 * Takes one request by JSON as a submission of its own and says it at once. The same key with the same body gives the
 * first answer again; with another body it is refused.
 */
export async function submitRequest(
  needs: Needs,
  { key, body }: { key: string; body: unknown },
): Promise<Result<SubmittedIds, RequestRefusal>> {
  const request = fromJson(body);
  if (request.faults.length > 0) {
    const message = `The request cannot be read: ${request.faults[0]!.message}`;
    return refuse({ code: 'request.unreadable', message, faults: request.faults });
  }
  const incoming = await needs.files.receive(bytesOf(body), Number.MAX_SAFE_INTEGER);
  try {
    const submitted = await needs.work((work) => submitOnce({ ...needs, work }, { key, request, incoming }));
    await incoming.settle();
    return submitted;
  } finally {
    await incoming.discard();
  }
}

type Command = { readonly key: string; readonly request: Request; readonly incoming: Incoming };

async function submitOnce(
  { work, newId, now }: Omit<Needs, 'work'> & { readonly work: Work },
  { key, request, incoming }: Command,
): Promise<Result<SubmittedIds, RequestRefusal>> {
  await work.keys.lock(key);
  const used = await work.keys.find(key);
  if (used && used.bodySha256 !== incoming.sha256) {
    const message =
      'This Idempotency-Key was used before, with another body: take a new key for a new request.';
    return refuse({ code: 'idempotency-key.reused', message });
  }
  if (used) return ok({ requestId: used.requestId, submissionId: used.submissionId });

  const submissionId = newId();
  const requestId = requestIdOf(submissionId, 1);
  const at = now();
  await store(work, { submissionId, requestId, request, incoming, at });
  await work.keys.add({ key, bodySha256: incoming.sha256, submissionId, requestId }, at);
  return ok({ requestId, submissionId });
}

async function store(
  { outbox, submissions, requests }: Work,
  made: SubmittedIds & Omit<Command, 'key'> & { readonly at: Date },
): Promise<void> {
  const { submissionId, requestId, request, incoming, at } = made;
  const { bytes, sha256 } = incoming;
  const path = rawPathOf(sha256, submissionId);
  await submissions.add({ submissionId, door: 'api', format: 'json', bytes, sha256, path, receivedAt: at });
  await submissions.advance(submissionId, { part: 1, positions: 1, bytesRead: bytes });
  await requests.addAll(
    submissionId,
    [{ requestId, position: 1, request, byteOffset: 0, byteLength: bytes }],
    at,
  );
  await submissions.finish(submissionId, at);
  const about = { correlationId: submissionId };
  outbox.add(
    SubmissionsReceived,
    { submissionId, format: 'json', sha256, bytes },
    { key: submissionId, ...about },
  );
  outbox.add(
    RequestsSubmitted,
    { submissionId, part: 1, receivedOn: dayOf(at), requests: [submittedRequest(requestId, 1, request)] },
    { key: `${submissionId}/1`, ...about },
  );
  await incoming.keep(path);
}

/** The same members in another order are the same body. */
async function* bytesOf(body: unknown): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(canonicalJson(body));
}
