import type { ReadRequest, RequestKind } from './request.ts';

/** What is known of a request beside its row: where it stood. */
export type StoredPlace = {
  readonly kind: RequestKind;
  readonly byteOffset: number;
  readonly byteLength: number;
  readonly ordinal: number | null;
  readonly places: unknown;
};

type Packed = readonly [RequestKind, number, number, number | null, unknown];

/** The places of a whole part as JSON, in the order of its requests. */
export const packPart = (requests: readonly ReadRequest[]): string =>
  JSON.stringify(
    requests.map(({ request, byteOffset, byteLength, ordinal = null, places = null }) => [
      request.kind,
      byteOffset,
      byteLength,
      ordinal,
      places,
    ]),
  );

export const unpackPart = (packed: string): StoredPlace[] =>
  (JSON.parse(packed) as Packed[]).map(([kind, byteOffset, byteLength, ordinal, places]) => ({
    kind,
    byteOffset,
    byteLength,
    ordinal,
    places: places ?? undefined,
  }));
