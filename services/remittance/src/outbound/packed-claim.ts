import type { AdjustmentGroup } from '@remitflow/x12';
import type { DecidedClaim } from '../domain/claim-payment.ts';

type Person = DecidedClaim['subscriber'];
type Line = DecidedClaim['lines'][number];
type Adjustments = Line['adjustments'];

/** JSON has no undefined: what is absent is null when it is read again. */
type Absent = null | undefined;
/** 0 says: as it stands for the claim, or for the first day. */
type Same = 0;

type PackedPerson = readonly (string | Absent)[];
type PackedLine = readonly [
  lineControl: string | Absent,
  procedureQualifier: string | Absent,
  procedure: string | Absent,
  modifiers: readonly string[],
  revenueCode: string | Absent,
  units: string | Absent,
  serviceFrom: string | Same,
  serviceTo: string | Same,
  chargeCents: number,
  paidCents: number,
  ...adjustments: (string | number)[],
];

/**
 * A claim as it is stored: what a remittance says of it, by place instead of by name. It is read in less than half the time
 * that an object takes.
 */
export type PackedClaim = readonly [
  requestId: string,
  claimId: string,
  frequency: string,
  facilityCode: string | Absent,
  subscriber: PackedPerson,
  patient: PackedPerson | Absent,
  serviceFrom: string,
  serviceTo: string | Same,
  receivedOn: string,
  billedCents: number,
  paidCents: number,
  ...lines: PackedLine[],
];

export const packedClaim = (claim: DecidedClaim): PackedClaim => [
  claim.requestId,
  claim.claimId,
  claim.frequency,
  claim.facilityCode,
  packedPerson(claim.subscriber),
  claim.patient && packedPerson(claim.patient),
  claim.serviceFrom,
  claim.serviceTo === claim.serviceFrom ? 0 : claim.serviceTo,
  claim.receivedOn,
  claim.billedCents,
  claim.paidCents,
  ...claim.lines.map((line) => packedLine(line, claim)),
];

export function unpackedClaim(packed: PackedClaim): DecidedClaim {
  const [requestId, claimId, frequency, facilityCode, subscriber, patient, serviceFrom] = packed;
  const days = { serviceFrom, serviceTo: packed[7] || serviceFrom };
  return {
    requestId,
    claimId,
    frequency,
    facilityCode: facilityCode ?? undefined,
    subscriber: unpackedPerson(subscriber),
    patient: patient ? unpackedPerson(patient) : undefined,
    serviceFrom,
    serviceTo: days.serviceTo,
    receivedOn: packed[8],
    billedCents: packed[9],
    paidCents: packed[10],
    lines: unpackedLines(packed, days),
  };
}

type Days = Pick<DecidedClaim, 'serviceFrom' | 'serviceTo'>;

const packedPerson = ({ memberId, lastName, firstName, middleName }: Person): PackedPerson => [
  memberId,
  lastName,
  firstName,
  middleName,
];

const unpackedPerson = ([memberId, lastName, firstName, middleName]: PackedPerson): Person => ({
  memberId: memberId ?? undefined,
  lastName: lastName ?? undefined,
  firstName: firstName ?? undefined,
  middleName: middleName ?? undefined,
});

const packedLine = (line: Line, claim: Days): PackedLine => [
  line.lineControl,
  line.procedureQualifier,
  line.procedure,
  line.modifiers,
  line.revenueCode,
  line.units,
  line.serviceFrom === claim.serviceFrom ? 0 : line.serviceFrom,
  line.serviceTo === claim.serviceTo ? 0 : line.serviceTo,
  line.chargeCents,
  line.paidCents,
  ...line.adjustments.flatMap(({ group, reason, amountCents }) => [group, reason, amountCents]),
];

function unpackedLines(packed: PackedClaim, claim: Days): Line[] {
  const lines: Line[] = [];
  for (let place = linesFrom; place < packed.length; place += 1)
    lines.push(unpackedLine(packed[place] as PackedLine, claim));
  return lines;
}

const unpackedLine = (packed: PackedLine, claim: Days): Line => ({
  lineControl: packed[0] ?? undefined,
  procedureQualifier: packed[1] ?? undefined,
  procedure: packed[2] ?? undefined,
  modifiers: packed[3],
  revenueCode: packed[4] ?? undefined,
  units: packed[5] ?? undefined,
  serviceFrom: packed[6] || claim.serviceFrom,
  serviceTo: packed[7] || claim.serviceTo,
  chargeCents: packed[8],
  paidCents: packed[9],
  adjustments: unpackedAdjustments(packed),
});

function unpackedAdjustments(packed: PackedLine): Adjustments {
  const adjustments: Adjustments[number][] = [];
  for (let place = adjustmentsFrom; place < packed.length; place += 3) {
    adjustments.push({
      group: packed[place] as AdjustmentGroup,
      reason: packed[place + 1] as string,
      amountCents: packed[place + 2] as number,
    });
  }
  return adjustments;
}

const linesFrom = 11;
const adjustmentsFrom = 10;
