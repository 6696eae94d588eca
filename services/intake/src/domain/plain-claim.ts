import type { Claim837, Person as X12Person, ServiceLine } from '@remitflow/x12';
import { fitLimits } from './fit-request.ts';
import type { Line, Person, Request } from './request.ts';

/**
 * A claim without faults as a request, when every member fits as it is and every text is printable ASCII that JSON
 * need not escape: nearly every claim. Undefined for the others, which `fitRequest` looks at member by member; of what
 * both take they make the same.
 */
export function plainRequest(claim: Claim837): Request | undefined {
  const fit = new PlainFit();
  const request = requestOf(fit, claim);
  return fit.fits ? request : undefined;
}

function requestOf(fit: PlainFit, claim: Claim837): Request {
  const { billingProvider, patient } = claim;
  fit.count(claim.faults, 0);
  return {
    kind: claim.type,
    claimId: fit.text(claim.claimId, 80) ?? '',
    frequency: fit.text(claim.frequency, 3),
    facilityCode: fit.text(claim.facilityCode, 5),
    originalReference: fit.text(claim.originalReference, 50),
    clearinghouseTrace: fit.text(claim.clearinghouseTrace, 50),
    billingProvider: {
      npi: fit.text(billingProvider?.npi, 80),
      taxId: fit.text(billingProvider?.taxId, 50),
      name: fit.text(billingProvider?.name, 120),
    },
    subscriber: personOf(fit, claim.subscriber),
    patient: patient ? personOf(fit, patient) : undefined,
    payerId: fit.text(claim.payer?.id, 80),
    billedCents: fit.amount(claim.totalChargeCents),
    diagnoses: diagnosesOf(fit, claim),
    serviceFrom: claim.serviceFrom,
    serviceTo: claim.serviceTo,
    lines: linesOf(fit, claim.lines),
    faults: [],
  };
}

const personOf = (fit: PlainFit, person: X12Person | undefined): Person => ({
  memberId: fit.text(person?.memberId, 80),
  lastName: fit.text(person?.name, 60),
  firstName: fit.text(person?.firstName, 35),
  middleName: fit.text(person?.middleName, 25),
  birthDate: person?.birthDate,
});

function diagnosesOf(fit: PlainFit, { diagnoses }: Claim837): string[] {
  fit.count(diagnoses, fitLimits.diagnosesMax);
  return fit.words(
    diagnoses.map(({ code }) => code),
    30,
  );
}

function linesOf(fit: PlainFit, lines: readonly ServiceLine[]): Line[] {
  fit.count(lines, fitLimits.linesMax);
  return lines.map((line, index) => lineOf(fit, line, index + 1));
}

function lineOf(fit: PlainFit, line: ServiceLine, place: number): Line {
  fit.count(line.modifiers, fitLimits.modifiersMax);
  return {
    lineNumber: fitLimits.isLineNumber(line.lineNumber) ? line.lineNumber : place,
    lineControl: fit.text(line.lineControl, 50),
    procedureQualifier: fit.text(line.procedureQualifier, 3),
    procedure: fit.text(line.procedure, 48),
    modifiers: fit.words(line.modifiers, 10),
    revenueCode: fit.text(line.revenueCode, 48),
    chargeCents: fit.amount(line.chargeCents),
    units: fit.text(line.units, 15),
    unitBasis: fit.text(line.unitBasis, 2),
    placeOfService: fit.text(line.placeOfService, 3),
    serviceFrom: line.serviceFrom,
    serviceTo: line.serviceTo,
  };
}

class PlainFit {
  fits = true;

  text(value: string | undefined, max: number): string | undefined {
    if (value === undefined || value === '') return undefined;
    if (value.length > max || !plain.test(value)) this.fits = false;
    return value;
  }

  words(values: readonly string[], max: number): string[] {
    const words: string[] = [];
    for (const value of values) {
      const word = this.text(value, max);
      if (word !== undefined) words.push(word);
    }
    return words;
  }

  amount(value: number | undefined): number | undefined {
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 0)) this.fits = false;
    return value;
  }

  count(list: readonly unknown[], max: number): void {
    if (list.length > max) this.fits = false;
  }
}

/** Printable ASCII but for the quotation mark and the backslash. */
const plain = /^[ !#-[\]-~]*$/;
