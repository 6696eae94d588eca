import { existsSync, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { Readable } from 'node:stream';
import { CliError, exitCodes } from '../cli-error.ts';
import type { Output } from '../output.ts';
import { readAsSent } from '../streamed-request.ts';
import { reach } from '../service-client.ts';
import { megabytes } from './describe-progress.ts';
import type { SubmitResult } from './submit-result.ts';

/**
 * Sends a file to intake, as it is read from the disk. While intake takes nothing (its broker or database is behind), it is asked again
 * for some minutes.
 */
export async function upload(file: string, output: Output): Promise<SubmitResult> {
  if (!existsSync(file) || !statSync(file).isFile()) {
    throw new CliError('file-missing', `There is no file ${file}.`, { exitCode: exitCodes.usage });
  }
  const line = output.statusLine();
  try {
    for (const deadline = Date.now() + refusedForMs; ;) {
      const response = await send(file, (text) => line.show(text));
      const body = (await response.json()) as Answer;
      if (response.status !== unavailable || Date.now() > deadline) return resultOf(response.status, body);
      const seconds = Number(response.headers.get('retry-after')) || retryAfterSeconds;
      line.show(`intake takes no files for now: ${body.message ?? 'no reason given'} Asked again by itself.`);
      await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    }
  } finally {
    line.stop();
  }
}

type Answer = {
  readonly code?: string;
  readonly message?: string;
  readonly submissionId?: string;
  readonly duplicateOf?: string;
};

const unavailable = 503;
const refusedForMs = 120_000;
const retryAfterSeconds = 5;

async function send(file: string, show: (text: string) => void): Promise<Response> {
  const { size } = statSync(file);
  let sent = 0;
  const say = (): void =>
    show(
      sent < size
        ? `sent ${megabytes(sent)} of ${megabytes(size)} MB`
        : `sent ${megabytes(size)} MB · intake keeps the file`,
    );
  const ticking = setInterval(say, sayEveryMs);
  const opened = (): Readable => {
    sent = 0;
    return readAsSent(file, (bytes) => (sent += bytes));
  };
  try {
    say();
    const response = await reach('intake', '/submissions', {
      method: 'POST',
      body: opened,
      headers: { 'content-type': contentTypeOf(file), 'x-file-name': encodeURIComponent(basename(file)) },
    });
    show(`sent ${megabytes(sent)} of ${megabytes(size)} MB`);
    return response;
  } finally {
    clearInterval(ticking);
  }
}

const sayEveryMs = 250;

function resultOf(status: number, body: Answer): SubmitResult {
  if (status === 202) return { submissionId: String(body.submissionId), status: 'received' };
  if (body.code === 'submission.duplicate') {
    const duplicateOf = String(body.duplicateOf);
    return { submissionId: duplicateOf, status: 'duplicate', duplicateOf, message: String(body.message) };
  }
  if (status >= 500) throw new CliError(String(body.code), String(body.message));
  const failure = { byteOffset: undefined, ...body } as unknown as NonNullable<SubmitResult['failure']>;
  return { submissionId: null, status: 'failed', failure };
}

/** What the bytes are is sniffed by intake; a name that promises a format is held to it. */
function contentTypeOf(file: string): string {
  const known: Record<string, string> = { '.csv': 'text/csv', '.json': 'application/json' };
  return known[extname(file).toLowerCase()] ?? 'application/octet-stream';
}
