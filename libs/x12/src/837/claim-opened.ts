import type { SegmentCursor } from '../segment-cursor.ts';
import type { Claim837, ClaimType } from './claim.ts';
import type { Growing } from './parties.ts';
import { packedPlaces } from './places.ts';

export type ClaimOpening = {
  readonly type: ClaimType;
  readonly position: number;
  readonly transactionControlNumber: string;
};

/** A claim of which only CLM is read, with all its members from the start, so that all claims share one shape. */
export const claimOpened = (clm: SegmentCursor, opening: ClaimOpening): Growing<Claim837> => ({
  type: opening.type,
  position: opening.position,
  claimId: clm.trimmed(1),
  totalChargeCents: undefined,
  facilityCode: undefined,
  facilityQualifier: undefined,
  frequency: undefined,
  originalReference: undefined,
  clearinghouseTrace: undefined,
  medicalRecord: undefined,
  priorAuthorization: undefined,
  billingProvider: undefined,
  payTo: undefined,
  subscriber: undefined,
  patient: undefined,
  payer: undefined,
  renderingNpi: undefined,
  diagnoses: none,
  statementFrom: undefined,
  statementTo: undefined,
  admissionDate: undefined,
  dischargeHour: undefined,
  serviceFrom: undefined,
  serviceTo: undefined,
  lines: none,
  otherPayers: none,
  byteOffset: clm.byteOffset,
  byteLength: 0,
  segment: clm.ordinal,
  hierarchy: nowhere,
  transactionControlNumber: opening.transactionControlNumber,
  faults: none,
  [packedPlaces]: none,
});

const nowhere: Claim837['hierarchy'] = {};
const none: readonly never[] = [];
