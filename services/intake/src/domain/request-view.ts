import type { Finding } from './finding.ts';
import { locate, unpackClaimPlaces, type ClaimPlaces, type Located } from './places.ts';
import type { StoredRequest, WholeRequest } from './stored-request.ts';

export type RequestView = StoredRequest;

export type RequestDetail = RequestView & {
  readonly kind: string;
  readonly fileName: string | null;
  readonly format: string;
  readonly byteOffset: number;
  readonly byteLength: number;
  readonly segmentOrdinal: number | null;
  readonly places: Readonly<Record<string, Located>>;
  readonly findings: readonly (Finding & Located)[];
  /** What happened to it, the first first. */
  readonly history: readonly { readonly status: string; readonly at: string }[];
};

export const requestView = (request: StoredRequest): RequestView => {
  const { requestId, submissionId, position, claimId, status, billedCents, paidCents } = request;
  return { requestId, submissionId, position, claimId, status, billedCents, paidCents };
};

export function requestDetail(request: WholeRequest): RequestDetail {
  const { kind, fileName, format, byteOffset, byteLength, ordinal } = request;
  const from = { kind, byteOffset, ordinal: ordinal ?? undefined, places: request.places };
  const isX12 = kind !== 'csv' && kind !== 'json';
  const places = isX12 ? unpackClaimPlaces(request.places as ClaimPlaces | undefined) : {};
  return {
    ...requestView(request),
    ...{ kind, fileName, format, byteOffset, byteLength, segmentOrdinal: ordinal },
    places: Object.fromEntries(Object.entries(places).filter(([field]) => !field.startsWith('!'))),
    findings: request.findingLists.flat().map((finding) => ({ ...finding, ...locate(from, finding) })),
    history: historyOf(request),
  };
}

function historyOf(request: WholeRequest): RequestDetail['history'] {
  const { submittedAt, heldAt, decidedAt, scheduledAt, remittedAt } = request;
  const steps = [
    ['submitted', submittedAt],
    ['held', heldAt],
    ['decided', decidedAt],
    ['scheduled', scheduledAt],
    ['remitted', remittedAt],
  ] as const;
  return steps
    .flatMap(([status, at]) => (at ? [{ status, at: at.toISOString() }] : []))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
