import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { CliError, exitCodes } from '../cli-error.ts';
import { dollars, type Output } from '../output.ts';
import { shortPath } from '../project.ts';
import { ask, call } from '../service-client.ts';

type Request = {
  requestId: string;
  submissionId: string;
  claimId: string;
  status: string;
  billedCents: number | null;
  paidCents: number | null;
  fileName: string | null;
  byteOffset: number | null;
  byteLength: number | null;
  segmentOrdinal: number | null;
  findings?: { ruleId: string; ruleVersion: string; message: string }[];
};

type Decision = {
  outcome: string;
  rulesVersion: string;
  contractId?: string;
  payeeId?: string;
  findings: { ruleId: string; message: string }[];
};

type Payout = {
  paymentId: string | null;
  amountCents: number;
  status: string;
  traceNumber: string | null;
  trnReference: string | null;
  effectiveDate: string | null;
  nachaFile: string | null;
  entryLine: number | null;
  settledOn?: string | null;
  returned?: { code: string; reason: string } | null;
};

type Remitted = {
  remittanceId: string;
  kind: string;
  path: string;
  trnReference: string;
  byteOffset: number;
  segmentOrdinal: number;
  paidCents: number;
};

type TrailEvent = {
  type: string;
  source: string;
  time: string;
  stream: string;
  sequence: number;
  hash: string;
};

export type Trace = {
  requestId: string;
  request: Request;
  /** The first segment of the claim as it stands in the submitted file. */
  sourceText: string;
  decision?: Decision;
  payout?: Payout;
  /** The entry detail record with the account number masked. */
  nachaRecord?: string;
  remittances: (Remitted & { segmentText: string })[];
  trail: TrailEvent[];
};

export async function trace(id: string, output: Output): Promise<number> {
  const found = await traceRequest(await requestIdOf(id));
  output.result(found, () => describe(found, output));
  return exitCodes.ok;
}

/** The whole way of one request: from its bytes in the submitted file to the bank's trace number and its 835 line. */
export async function traceRequest(requestId: string): Promise<Trace> {
  const request = await call<Request>('intake', `/requests/${requestId}`);
  const [source, decision, payout, remitted, audit] = await Promise.all([
    ask<string | object>('intake', `/requests/${requestId}/source`),
    known<Decision>('validation', `/decisions/${requestId}`),
    known<Payout>('payout', `/requests/${requestId}`),
    known<Remitted[]>('remittance', `/requests/${requestId}`),
    known<{ events: TrailEvent[] }>('audit', `/requests/${requestId}/trail`),
  ]);
  return {
    requestId,
    request,
    sourceText: source.status === 200 ? firstSegment(source.body) : '',
    ...(decision ? { decision } : {}),
    ...(payout ? { payout } : {}),
    ...(payout?.nachaFile && payout.entryLine
      ? { nachaRecord: entryRecord(payout.nachaFile, payout.entryLine) }
      : {}),
    remittances: (remitted ?? []).map((one) => ({
      ...one,
      segmentText: segmentAt(one.path, one.byteOffset),
    })),
    trail: audit?.events ?? [],
  };
}

/** A request id as it is, or the request of a claim id when there is exactly one. */
async function requestIdOf(id: string): Promise<string> {
  if (/^[0-9a-f-]{36}$/i.test(id)) return id.toLowerCase();
  const rows = await call<{ requestId: string }[]>(
    'intake',
    `/requests?${new URLSearchParams({ claimId: id })}`,
  );
  const [only, ...others] = rows;
  if (only && others.length === 0) return only.requestId;
  throw new CliError(
    'request-unknown',
    only ? `${rows.length} requests have the claim id ${id}.` : `There is no request ${id}.`,
    {
      nextAction: `Find it with \`npx remitflow requests list --claim ${id}\`.`,
    },
  );
}

async function known<T>(
  service: 'validation' | 'payout' | 'remittance' | 'audit',
  path: string,
): Promise<T | undefined> {
  const { status, body } = await ask<T>(service, path);
  return status === 200 ? body : undefined;
}

const firstSegment = (source: string | object): string => {
  const text = typeof source === 'string' ? source : JSON.stringify(source);
  return text.split(/[~\r\n]/, 1)[0]!.slice(0, textShownMax);
};

/** Record `line` (1-based) of a Nacha file, whose records are 94 characters and a line end. */
function entryRecord(file: string, line: number): string {
  const record = readAt(file, (line - 1) * 95, 94);
  return `${record.slice(0, 12)}${'•'.repeat(17)}${record.slice(29)}`;
}

const segmentAt = (file: string, byteOffset: number): string =>
  readAt(file, byteOffset, textShownMax).split(/[~\r\n]/, 1)[0]!;

function readAt(file: string, offset: number, length: number): string {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(length);
      return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, length, offset));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}

const textShownMax = 200;

function describe(found: Trace, output: Output): void {
  const { request, payout } = found;
  output.line(`Request ${request.requestId} · claim ${request.claimId} · ${request.status}`);
  output.line();
  describeSubmission(found, output);
  describeDecision(found.decision, output);
  if (payout) describePayout(found, payout, output);
  for (const one of found.remittances) {
    output.line(`  4 explained  ${one.kind}, ${dollars(one.paidCents)}, TRN02 ${one.trnReference}`);
    output.line(`${indent}${shortPath(one.path)}, byte ${one.byteOffset}, segment ${one.segmentOrdinal}`);
    output.line(`${indent}${one.segmentText}`);
  }
  output.line(`  5 remembered ${found.trail.length} audit events`);
  for (const event of found.trail) {
    output.line(`${indent}${event.time}  ${event.type.padEnd(24)} ${event.hash.slice(0, 16)}…`);
  }
}

const indent = ' '.repeat(15);

function describeSubmission({ request, sourceText }: Trace, output: Output): void {
  output.line(`  1 submitted  ${request.fileName ?? 'by the API'}, submission ${request.submissionId}`);
  if (request.byteOffset !== null) {
    const end = request.byteOffset + (request.byteLength ?? 0);
    output.line(`${indent}bytes ${request.byteOffset}–${end}, segment ${request.segmentOrdinal}`);
  }
  output.line(`${indent}${sourceText}`);
}

function describeDecision(decision: Decision | undefined, output: Output): void {
  if (!decision) return output.line('  2 decided    not yet');
  const contract = decision.contractId ? `, contract ${decision.contractId}` : '';
  output.line(`  2 decided    ${decision.outcome} by rules ${decision.rulesVersion}${contract}`);
  for (const one of decision.findings) output.line(`${indent}${one.message} [${one.ruleId}]`);
}

function describePayout(found: Trace, payout: Payout, output: Output): void {
  const outcome = payout.returned
    ? `returned ${payout.returned.code}`
    : payout.settledOn
      ? `settled ${payout.settledOn}`
      : payout.status;
  output.line(
    `  3 paid       ${dollars(payout.amountCents)}, ${outcome}${payout.paymentId ? `, payment ${payout.paymentId}` : ''}`,
  );
  if (!payout.nachaFile) return;
  output.line(
    `${indent}trace number ${payout.traceNumber}, effective ${payout.effectiveDate}, ${basename(payout.nachaFile)} record ${payout.entryLine}`,
  );
  if (found.nachaRecord) output.line(`${indent}${found.nachaRecord}`);
}
