import type { Location } from '../problem.ts';
import type { Claim837, Place } from './claim.ts';

/** Kept beside the claim as numbers, so that places cost next to nothing until somebody asks. */
export const packedPlaces: unique symbol = Symbol('places');

/**
 * Where the fields of a claim stood, as whole numbers: first the byte offset and the ordinal of its CLM, then offsets
 * and ordinals from there. Meant to be stored as it is (a JSON array of about a hundred bytes) and unpacked when a
 * person looks.
 */
export type PackedPlaces = readonly number[];

export type ClaimField =
  | 'claimId'
  | 'totalChargeCents'
  | 'frequency'
  | 'originalReference'
  | 'diagnoses'
  | 'billingProvider.npi'
  | 'billingProvider.taxId'
  | 'subscriber.memberId'
  | `lines.${number}.${'procedure' | 'chargeCents' | 'units' | 'serviceFrom'}`;

/** Where the field stood, or undefined when nothing there was sent. Lines are counted from 1. */
export const placeOf = (claim: Claim837, field: ClaimField): Place | undefined => placesOf(claim)[field];

/** Where the fields stood that a biller may have to correct; lines are counted from 1 (`lines.1.procedure`). */
export const placesOf = (claim: Claim837): ClaimPlaces => unpackPlaces(packedPlacesOf(claim));

/** The same before it is unpacked; empty when the claim was not read from a file. */
export const packedPlacesOf = (claim: Claim837): PackedPlaces => claim[packedPlaces] ?? [];

export type ClaimPlaces = Readonly<Partial<Record<ClaimField, Place>>>;

export function unpackPlaces(packed: PackedPlaces): ClaimPlaces {
  if (packed.length < headLength) return {};
  const clm = { ordinal: 0, loop: '2300', segment: 'CLM' };
  return {
    claimId: placeIn(packed, { ...clm, offset: packed[2], element: 1 }),
    totalChargeCents: placeIn(packed, { ...clm, offset: packed[3], element: 2 }),
    frequency: placeIn(packed, { ...clm, offset: packed[4], element: 5, component: 3 }),
    ...optional(packed, 5, { field: 'originalReference', loop: '2300', segment: 'REF', element: 2 }),
    ...optional(packed, 7, { field: 'diagnoses', loop: '2300', segment: 'HI', element: 1 }),
    ...optional(packed, 9, { field: 'billingProvider.npi', loop: '2010AA', segment: 'NM1', element: 9 }),
    ...optional(packed, 11, { field: 'billingProvider.taxId', loop: '2010AA', segment: 'REF', element: 2 }),
    ...optional(packed, 13, { field: 'subscriber.memberId', loop: '2010BA', segment: 'NM1', element: 9 }),
    ...linePlaces(packed),
  };
}

function linePlaces(packed: PackedPlaces): Partial<Record<ClaimField, Place>> {
  const places: Partial<Record<ClaimField, Place>> = {};
  for (let from = headLength; from + lineLength <= packed.length; from += lineLength) {
    const [kind, ordinal, procedure, chargeCents, units, dateOrdinal, date] = packed.slice(
      from,
    ) as LinePlaces;
    const line = `lines.${(from - headLength) / lineLength + 1}` as const;
    const at = lineElements[kind & serviceBits]!;
    const service = { ordinal, loop: '2400', segment: at.segment };
    places[`${line}.procedure`] = placeIn(packed, { ...service, offset: procedure, ...at.procedure });
    places[`${line}.chargeCents`] = placeIn(packed, { ...service, offset: chargeCents, ...at.charge });
    places[`${line}.units`] = placeIn(packed, { ...service, offset: units, ...at.units });
    const dtp = kind & hasDate ? { segment: 'DTP', element: 3 } : { segment: 'LX' };
    places[`${line}.serviceFrom`] = placeIn(packed, {
      ordinal: dateOrdinal,
      loop: '2400',
      offset: date,
      ...dtp,
    });
  }
  return places;
}

type LinePlaces = [number, number, number, number, number, number, number];

/** Which element of the service segment holds what; LX stands in where there is none. */
const lineElements: readonly {
  readonly segment: string;
  readonly procedure: Partial<Location>;
  readonly charge: Partial<Location>;
  readonly units: Partial<Location>;
}[] = [
  { segment: 'LX', procedure: {}, charge: {}, units: {} },
  {
    segment: 'SV1',
    procedure: { element: 1, component: 2 },
    charge: { element: 2 },
    units: { element: 4 },
  },
  {
    segment: 'SV2',
    procedure: { element: 2, component: 2 },
    charge: { element: 3 },
    units: { element: 5 },
  },
];

function optional(
  packed: PackedPlaces,
  index: number,
  { field, ...at }: { field: ClaimField; loop: string; segment: string; element: number },
): ClaimPlaces {
  const ordinal = packed[index]!;
  return ordinal === 0 ? {} : { [field]: placeIn(packed, { ...at, ordinal, offset: packed[index + 1] }) };
}

const placeIn = (
  packed: PackedPlaces,
  { offset, ordinal, ...at }: Omit<Location, 'byteOffset'> & { offset: number | undefined; ordinal: number },
): Place => ({ byteOffset: packed[0]! + offset!, ...at, ordinal: packed[1]! + ordinal });

/** What is kept of a line's segments: none, SV1 or SV2, and whether there is a DTP*472. */
export const serviceKinds = { SV1: 1, SV2: 2 } as const;
export const hasDate = 4;
const serviceBits = 3;

/** CLM (offset, ordinal, CLM01, CLM02, CLM05-3), then ordinal and offset each: REF*F8, HI, NPI, tax id, member id. */
export const headLength = 15;
/** Kind; ordinal of the service segment, its procedure, charge and units; ordinal and offset of the date. */
export const lineLength = 7;
