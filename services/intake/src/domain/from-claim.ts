import {
  placesOf,
  type Claim837,
  type Location,
  type Person as X12Person,
  type X12Problem,
} from '@remitflow/x12';
import { fitRequest } from './fit-request.ts';
import { packClaimPlaces } from './places.ts';
import { plainRequest } from './plain-claim.ts';
import type { Fault, ReadRequest, Request } from './request.ts';
import { cutText, storableText } from './storable-text.ts';

/** An 837 claim as a request; what is wrong with it stays located. */
export function fromClaim(claim: Claim837): ReadRequest {
  const plain = claim.faults.length === 0 ? plainRequest(claim) : undefined;
  if (!plain) return readCarefully(claim);
  return {
    position: claim.position,
    request: plain,
    isPlain: true,
    byteOffset: claim.byteOffset,
    byteLength: claim.byteLength,
    ordinal: claim.segment,
    places: packClaimPlaces(claim, noPlaces),
  };
}

function readCarefully(claim: Claim837): ReadRequest {
  const lineStarts = claim.faults.length > 0 ? lineStartsOf(claim) : [];
  const places = new Map<string, Location>();
  const faults = claim.faults
    .filter(({ severity }) => severity !== 'warn')
    .map((problem) => faultOf(problem, lineStarts, places));
  return {
    position: claim.position,
    request: carefulRequest(claim, faults),
    byteOffset: claim.byteOffset,
    byteLength: claim.byteLength,
    ordinal: claim.segment,
    places: packClaimPlaces(claim, places),
  };
}

/** Whatever its members are. */
export const carefulRequest = (claim: Claim837, faults: readonly Fault[]): Request =>
  fitRequest(asRaw(claim), claim.type, faults);

const asRaw = (claim: Claim837): object => ({
  claimId: cutText(claim.claimId, claimIdLengthMax),
  frequency: claim.frequency,
  facilityCode: claim.facilityCode,
  originalReference: claim.originalReference,
  clearinghouseTrace: claim.clearinghouseTrace,
  billingProvider: {
    npi: claim.billingProvider?.npi,
    taxId: claim.billingProvider?.taxId,
    name: claim.billingProvider?.name,
  },
  subscriber: personOf(claim.subscriber),
  patient: claim.patient && personOf(claim.patient),
  payerId: claim.payer?.id,
  billedCents: claim.totalChargeCents,
  diagnoses: claim.diagnoses.map(({ code }) => code),
  serviceFrom: claim.serviceFrom,
  serviceTo: claim.serviceTo,
  lines: claim.lines.map(({ diagnosisPointers: _, renderingNpi: __, ...line }) => line),
});

const personOf = (person: X12Person | undefined): object => ({
  memberId: person?.memberId,
  lastName: person?.name,
  firstName: person?.firstName,
  middleName: person?.middleName,
  birthDate: person?.birthDate,
});

function faultOf(problem: X12Problem, lineStarts: readonly number[], places: Map<string, Location>): Fault {
  const field = fieldOf(problem, lineStarts);
  const key = field ?? `!${problem.code}`;
  if (!places.has(key)) places.set(key, problem);
  return {
    code: problem.code,
    message: storableText(problem.message, messageLengthMax),
    ...(field ? { field } : {}),
  };
}

function fieldOf({ code, ordinal = 0 }: X12Problem, lineStarts: readonly number[]): string | undefined {
  const member = lineMembers[code];
  if (member === undefined) return claimMembers[code];
  const line = lineStarts.findLastIndex((start) => start <= ordinal);
  return line === -1 ? undefined : `lines.${line}.${member}`;
}

/** Where each line begins, as far as its places tell: lines lie behind one another, so a fault is in the last before it. */
function lineStartsOf(claim: Claim837): number[] {
  const places = placesOf(claim);
  return claim.lines.map((_, index) =>
    Math.min(
      ...(['procedure', 'chargeCents', 'serviceFrom'] as const).map(
        (member) => places[`lines.${index + 1}.${member}`]?.ordinal ?? Infinity,
      ),
    ),
  );
}

const claimMembers: Readonly<Record<string, string>> = {
  'claim.id-missing': 'claimId',
  'claim.id-length': 'claimId',
  'claim.charge': 'billedCents',
  'claim.facility': 'facilityCode',
  'claim.frequency': 'frequency',
  'claim.original-reference': 'originalReference',
  'claim.diagnosis': 'diagnoses',
  'claim.date': 'serviceFrom',
  'claim.lines-missing': 'lines',
  'claim.lines-max': 'lines',
  'billing-provider.missing': 'billingProvider.npi',
  'billing-provider.npi-missing': 'billingProvider.npi',
  'billing-provider.tax-id-missing': 'billingProvider.taxId',
  'subscriber.missing': 'subscriber.memberId',
  'subscriber.member-id-missing': 'subscriber.memberId',
  'patient.missing': 'patient',
};

const lineMembers: Readonly<Record<string, string>> = {
  'line.service-missing': 'procedure',
  'line.service-repeated': 'procedure',
  'line.procedure': 'procedure',
  'line.revenue-code': 'revenueCode',
  'line.charge': 'chargeCents',
  'line.units': 'units',
  'line.date': 'serviceFrom',
  'line.date-missing': 'serviceFrom',
};

const noPlaces: ReadonlyMap<string, Location> = new Map();

const claimIdLengthMax = 80;
const messageLengthMax = 600;
