import { createReadStream, existsSync, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { Readable } from 'node:stream';
import { CliError, exitCodes } from '../cli-error.ts';
import { dollars, type Output } from '../output.ts';
import { ask, call, reach, watch } from '../service-client.ts';

export type Submission = {
  readonly submissionId: string;
  readonly status: 'received' | 'parsing' | 'parsed' | 'failed';
  readonly bytes: number;
  readonly bytesRead: number;
  readonly received: number;
  readonly decided: number;
  readonly approved: number;
  readonly held: number;
  readonly rejected: number;
  readonly denied: number;
  readonly done: boolean;
  readonly failure?: { readonly code: string; readonly message: string; readonly byteOffset?: number };
};

export type Rejection = {
  readonly requestId: string;
  readonly claimId: string;
  readonly ruleId: string;
  readonly ruleVersion: string;
  readonly message: string;
  readonly byteOffset: number | null;
  readonly duplicateOf?: string;
};

export type Report = {
  readonly counts: Readonly<Record<'received' | 'approved' | 'held' | 'rejected' | 'denied', number>>;
  readonly cents: Readonly<Record<'received' | 'approved' | 'held' | 'rejected' | 'denied', number>>;
  readonly rejections: readonly Rejection[];
};

export type SubmitResult = {
  submissionId: string | null;
  status: 'received' | 'done' | 'failed' | 'duplicate';
  duplicateOf?: string;
  /** Which submission it repeats, and what became of that one. */
  message?: string;
  failure?: { code: string; message: string; byteOffset?: number };
  received?: number;
  approved?: number;
  held?: number;
  rejected?: number;
  denied?: number;
  rejections?: readonly Rejection[];
};

export async function submit(file: string, options: { watch: boolean }, output: Output): Promise<number> {
  const result = await submitFile(file, options, output);
  output.result(result, () => describe(result, output));
  if (result.status === 'failed') return exitCodes.fileFailed;
  return result.status === 'duplicate' ? exitCodes.duplicate : exitCodes.ok;
}

/** Uploads a file and, when watching, waits until every request of it is decided and its hearers know. */
export async function submitFile(
  file: string,
  options: { watch: boolean },
  output: Output,
): Promise<SubmitResult> {
  const uploaded = await upload(file, output);
  if (uploaded.status === 'received' && !options.watch) return uploaded;
  if (uploaded.status !== 'received') return { ...uploaded, ...nothing };
  const submission = await untilDecided(uploaded.submissionId!, output);
  const { received, approved, held, rejected, denied, failure } = submission;
  const counts = { received, approved, held, rejected, denied };
  const { rejections } = await call<Report>('intake', `/submissions/${submission.submissionId}/report`);
  if (failure)
    return { submissionId: submission.submissionId, status: 'failed', failure, ...counts, rejections };
  await untilHeard(submission);
  return { submissionId: submission.submissionId, status: 'done', ...counts, rejections };
}

const nothing = { received: 0, approved: 0, held: 0, rejected: 0, denied: 0, rejections: [] };

async function upload(file: string, output: Output): Promise<SubmitResult> {
  if (!existsSync(file) || !statSync(file).isFile()) {
    throw new CliError('file-missing', `There is no file ${file}.`, { exitCode: exitCodes.usage });
  }
  const bytes = statSync(file).size;
  const progress = output.progress('upload', bytes, 'bytes');
  const opened = (): ReadableStream => {
    let sent = 0;
    const counted = createReadStream(file).on('data', (chunk) => progress.update((sent += chunk.length)));
    return Readable.toWeb(counted) as ReadableStream;
  };
  const response = await reach('intake', '/submissions', {
    method: 'POST',
    body: opened,
    headers: { 'content-type': contentTypeOf(file), 'x-file-name': encodeURIComponent(basename(file)) },
  });
  progress.stop();
  const body = (await response.json()) as Record<string, unknown>;
  if (response.status === 202) return { submissionId: String(body['submissionId']), status: 'received' };
  if (body['code'] === 'submission.duplicate') {
    const duplicateOf = String(body['duplicateOf']);
    return { submissionId: duplicateOf, status: 'duplicate', duplicateOf, message: String(body['message']) };
  }
  if (response.status >= 500) throw new CliError(String(body['code']), String(body['message']));
  const failure = { byteOffset: undefined, ...body } as unknown as NonNullable<SubmitResult['failure']>;
  return { submissionId: null, status: 'failed', failure };
}

/** What the bytes are is sniffed by intake; a name that promises a format is held to it. */
function contentTypeOf(file: string): string {
  const known: Record<string, string> = { '.csv': 'text/csv', '.json': 'application/json' };
  return known[extname(file).toLowerCase()] ?? 'application/octet-stream';
}

async function untilDecided(submissionId: string, output: Output): Promise<Submission> {
  const look = (): Promise<Submission> => call<Submission>('intake', `/submissions/${submissionId}`);
  const reading = output.progress('read', 0, 'bytes');
  const read = await watch(look, {
    what: 'the file is read',
    on: (seen) => reading.update(seen.bytesRead, seen.bytes),
    done: (seen) => seen.done || seen.status === 'parsed',
  });
  reading.stop();
  const deciding = output.progress('decided', read.received, 'requests');
  const submission = await watch(look, {
    what: 'every request is decided',
    on: (seen) => deciding.update(seen.decided, seen.received),
    done: (seen) => seen.done,
  });
  deciding.stop();
  return submission;
}

/** A cycle that is closed next must find every approved request, and explain every denied one. */
export async function untilHeard({ submissionId, approved, denied }: Submission): Promise<void> {
  await watch(() => call<{ payables: number }>('payout', `/submissions/${submissionId}/payables`), {
    what: 'payout knows every approved request',
    done: (seen) => seen.payables >= approved,
  });
  await watch(() => call<{ denied: number }>('remittance', `/submissions/${submissionId}/denials`), {
    what: 'remittance knows every denied request',
    done: (seen) => seen.denied >= denied,
  });
}

function describe(result: SubmitResult, output: Output): void {
  switch (result.status) {
    case 'duplicate':
      return output.line(`${result.message} Nothing was done.`);
    case 'failed':
      return describeFailure(result.failure, output);
    case 'received':
      return output.line(`Submission ${result.submissionId}`);
    case 'done':
      return describeOutcome(result, output);
  }
}

function describeFailure(failure: SubmitResult['failure'], output: Output): void {
  output.line(`The file cannot be used: ${failure?.message ?? 'no reason given'}`);
  if (failure?.byteOffset !== undefined) output.line(`  at byte ${failure.byteOffset}`);
  output.line('Mend it at the source and send it again; nothing of it was taken.');
}

function describeOutcome(result: SubmitResult, output: Output): void {
  const { received = 0, approved = 0, held = 0, rejected = 0, denied = 0 } = result;
  output.line(`Submission ${result.submissionId}`);
  output.table(
    ['received', 'approved', 'held', 'rejected', 'denied'],
    [[received, approved, held, rejected, denied]],
  );
  describeRejections(result.rejections ?? [], output);
}

function describeRejections(rejections: readonly Rejection[], output: Output): void {
  if (rejections.length === 0) return;
  output.line();
  output.line(`  Rejected, to be mended by the provider:`);
  for (const one of rejections.slice(0, rejectionsShownMax)) {
    const place = one.byteOffset === null ? '' : ` (byte ${one.byteOffset})`;
    output.line(`  ${one.claimId || '(no claim id)'}: ${one.message}${place} [${one.ruleId}]`);
  }
  if (rejections.length > rejectionsShownMax)
    output.line(`  … and ${rejections.length - rejectionsShownMax} more`);
}

const rejectionsShownMax = 20;

type RequestRow = {
  requestId: string;
  claimId: string;
  status: string;
  billedCents: number | null;
  paidCents: number | null;
};

export async function listRequests(
  query: Record<string, string | undefined>,
  output: Output,
): Promise<number> {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const rows = await call<RequestRow[]>('intake', `/requests?${new URLSearchParams(given)}`);
  output.result(rows, () => {
    if (rows.length === 0)
      return output.line('No requests. Submit a file with `npx remitflow submit FILE --watch`.');
    output.table(
      ['request', 'claim', 'status', 'billed', 'paid'],
      rows.map((row) => [
        row.requestId,
        row.claimId,
        row.status,
        money(row.billedCents),
        money(row.paidCents),
      ]),
    );
  });
  return exitCodes.ok;
}

const money = (amountCents: number | null): string => (amountCents === null ? '' : dollars(amountCents));

export async function showRequest(requestId: string, output: Output): Promise<number> {
  const { status, body } = await ask<object>('intake', `/requests/${encodeURIComponent(requestId)}`);
  if (status >= 400)
    throw new CliError('request-unknown', `There is no request ${requestId}.`, {
      nextAction: 'List them with `npx remitflow requests list`.',
    });
  output.result(body, () => output.line(JSON.stringify(body, null, 2)));
  return exitCodes.ok;
}
