import type { Segment } from '../segment.ts';
import type { Claim837, Place } from './claim.ts';

/** The segments a claim was read from; kept beside it so that places cost nothing until somebody asks. */
export const segmentsOf: unique symbol = Symbol('segments');

export type LineSegments = { lx: Segment; service?: Segment; date?: Segment };

export type ClaimSegments = {
  readonly clm: Segment;
  original?: Segment;
  diagnoses?: Segment;
  readonly billingProvider?: Segment;
  readonly taxId?: Segment;
  readonly subscriber?: Segment;
  readonly lines: LineSegments[];
};

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
export function placesOf(claim: Claim837): Readonly<Partial<Record<ClaimField, Place>>> {
  const from = claim[segmentsOf];
  if (!from) return {};
  return {
    claimId: inLoop('2300', from.clm, 1),
    totalChargeCents: inLoop('2300', from.clm, 2),
    frequency: inLoop('2300', from.clm, 5, 3),
    ...(from.original && { originalReference: inLoop('2300', from.original, 2) }),
    ...(from.diagnoses && { diagnoses: inLoop('2300', from.diagnoses, 1) }),
    ...(from.billingProvider && { 'billingProvider.npi': inLoop('2010AA', from.billingProvider, 9) }),
    ...(from.taxId && { 'billingProvider.taxId': inLoop('2010AA', from.taxId, 2) }),
    ...(from.subscriber && { 'subscriber.memberId': inLoop('2010BA', from.subscriber, 9) }),
    ...linePlaces(from.lines),
  };
}

function linePlaces(lines: readonly LineSegments[]): Partial<Record<ClaimField, Place>> {
  const places: Partial<Record<ClaimField, Place>> = {};
  lines.forEach(({ lx, service, date }, index) => {
    const line = `lines.${index + 1}` as const;
    const at = service ? elementsOf[service.id === 'SV2' ? 'SV2' : 'SV1'] : undefined;
    const segment = service ?? lx;
    places[`${line}.procedure`] = inLoop('2400', segment, at?.procedure, at && 2);
    places[`${line}.chargeCents`] = inLoop('2400', segment, at?.charge);
    places[`${line}.units`] = inLoop('2400', segment, at?.units);
    places[`${line}.serviceFrom`] = inLoop('2400', date ?? lx, date && 3);
  });
  return places;
}

/** Which element of the service segment holds what. */
const elementsOf = {
  SV1: { procedure: 1, charge: 2, units: 4 },
  SV2: { procedure: 2, charge: 3, units: 5 },
} as const;

const inLoop = (loop: string, segment: Segment, ...at: [element?: number, component?: number]): Place => ({
  ...segment.at(...at),
  loop,
});
