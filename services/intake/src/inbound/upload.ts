import type { IncomingMessage } from 'node:http';
import { HttpException } from '@nestjs/common';
import { CannotProceed } from '@remitflow/kernel';
import type { Refusal } from '../domain/declared-format.ts';
import { storableText } from '../domain/storable-text.ts';
import {
  receiveSubmission,
  type Accepted,
  type Duplicate,
  type Needs,
} from '../use-cases/receive-submission.ts';
import { declaredType } from './raw-bodies.ts';

/** Takes the body of a request as a submission; a refusal is thrown as the answer it gets. */
export async function takeUpload(
  needs: Needs,
  request: IncomingMessage,
  bytesMax: number,
): Promise<Accepted> {
  refuseByHeaders(request, bytesMax);
  request.setTimeout(idleTimeoutMs, () => request.destroy());
  const bytes = request.iterator({ destroyOnReturn: false });
  const upload = {
    source: { [Symbol.asyncIterator]: () => bytes as AsyncIterator<Uint8Array> },
    contentType: declaredType(request),
    fileName: cleanName(request.headers['x-file-name']),
    bytesMax,
  };
  const received = await receiveSubmission(needs, upload).catch((error: unknown) => {
    throw asAnswer(error, request, bytesMax);
  });
  if (received.ok) return received.value;
  await drain(bytes).catch(() => undefined);
  throw refused(received.problem);
}

function refuseByHeaders({ headers }: IncomingMessage, bytesMax: number): void {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    const message = 'Send the file as it is, without content encoding.';
    throw refused({ code: 'submission.media-type', message });
  }
  if (Number(headers['content-length'] ?? 0) > bytesMax) throw tooLarge(bytesMax);
}

function asAnswer(error: unknown, request: IncomingMessage, bytesMax: number): unknown {
  if (error instanceof CannotProceed && error.code === 'submission.too-large') return tooLarge(bytesMax);
  return request.complete ? error : new CannotProceed('submission.aborted');
}

/** Many clients read an answer only after they have sent everything: what is not too much is read and thrown away. */
async function drain(bytes: AsyncIterator<unknown>): Promise<void> {
  let left = drainedBytesMax;
  while (left > 0) {
    const next = await bytes.next();
    if (next.done) return;
    left -= (next.value as Uint8Array).length;
  }
}

function refused(problem: Refusal | Duplicate): HttpException {
  const { code, message } = problem;
  if (!('earlier' in problem)) return new HttpException({ code, message }, statuses[code] ?? 415);
  const { submissionId, status, failure } = problem.earlier;
  return new HttpException({ code, message, duplicateOf: submissionId, status, failure }, 409);
}

const statuses: Readonly<Record<string, number>> = { 'submission.empty': 400, 'submission.text': 422 };

function tooLarge(bytesMax: number): HttpException {
  const message = `A file may have ${bytesMax} bytes at most.`;
  return new HttpException({ code: 'submission.too-large', message, bytesMax }, 413);
}

/** The last part of a path, without control characters. */
function cleanName(header: string | string[] | undefined): string | undefined {
  if (typeof header !== 'string') return undefined;
  const name = decoded(header).split(/[/\\]/).at(-1)!;
  return storableText(name.replace(/[\p{Cc}\p{Cs}]/gu, '').trim(), fileNameLengthMax) || undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const fileNameLengthMax = 255;
const drainedBytesMax = 16 * 1024 * 1024;
const idleTimeoutMs = 60_000;
