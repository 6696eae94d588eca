import { parsePlainDate } from '@remitflow/kernel';
import type { Fault, Line, Person, Request, RequestKind } from './request.ts';
import { isStorable } from './storable-text.ts';

export const fitLimits = {
  linesMax: 999,
  diagnosesMax: 50,
  modifiersMax: 8,
  isLineNumber: (value: unknown): value is number =>
    Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 9999,
} as const;

/**
 * A request made of what was read, whatever it is: each member that does not fit (type, length, a day of the
 * calendar) is left out and named in a fault. Shapes and limits are those of the contract.
 */
export function fitRequest(raw: unknown, kind: RequestKind, known: readonly Fault[] = []): Request {
  const fit = new Fitting(known);
  const members = fit.object(raw, 'the request', requestMembers);
  const claimId = fit.text(members['claimId'], 'claimId', 80);
  const patient = members['patient'];
  return {
    kind,
    claimId: claimId ?? '',
    frequency: fit.text(members['frequency'], 'frequency', 3),
    facilityCode: fit.text(members['facilityCode'], 'facilityCode', 5),
    originalReference: fit.text(members['originalReference'], 'originalReference', 50),
    clearinghouseTrace: fit.text(members['clearinghouseTrace'], 'clearinghouseTrace', 50),
    billingProvider: providerOf(fit, members['billingProvider']),
    subscriber: personOf(fit, members['subscriber'], 'subscriber'),
    ...(isGiven(patient) ? { patient: personOf(fit, patient, 'patient') } : {}),
    payerId: fit.text(members['payerId'], 'payerId', 80),
    billedCents: fit.amount(members['billedCents'], 'billedCents'),
    diagnoses: fit.words(members['diagnoses'], 'diagnoses', { each: 30, most: fitLimits.diagnosesMax }),
    serviceFrom: fit.day(members['serviceFrom'], 'serviceFrom'),
    serviceTo: fit.day(members['serviceTo'], 'serviceTo'),
    lines: fit
      .list(members['lines'], 'lines', fitLimits.linesMax)
      .map((line, index) => lineOf(fit, line, index)),
    faults: fit.faults.slice(0, faultsMax),
  };
}

function providerOf(fit: Fitting, raw: unknown): Request['billingProvider'] {
  const members = fit.object(raw, 'billingProvider', ['npi', 'taxId', 'name']);
  return {
    npi: fit.text(members['npi'], 'billingProvider.npi', 80),
    taxId: fit.text(members['taxId'], 'billingProvider.taxId', 50),
    name: fit.text(members['name'], 'billingProvider.name', 120),
  };
}

function personOf(fit: Fitting, raw: unknown, field: string): Person {
  const members = fit.object(raw, field, personMembers);
  return {
    memberId: fit.text(members['memberId'], `${field}.memberId`, 80),
    lastName: fit.text(members['lastName'], `${field}.lastName`, 60),
    firstName: fit.text(members['firstName'], `${field}.firstName`, 35),
    middleName: fit.text(members['middleName'], `${field}.middleName`, 25),
    birthDate: fit.day(members['birthDate'], `${field}.birthDate`),
  };
}

function lineOf(fit: Fitting, raw: unknown, index: number): Line {
  const field = `lines.${index}`;
  const place = index + 1;
  const members = fit.object(raw, field, lineMembers);
  const text = (name: string, max: number): string | undefined =>
    fit.text(members[name], `${field}.${name}`, max);
  const number = members['lineNumber'];
  return {
    lineNumber: fitLimits.isLineNumber(number) ? number : place,
    lineControl: text('lineControl', 50),
    procedureQualifier: text('procedureQualifier', 3),
    procedure: text('procedure', 48),
    modifiers: fit.words(members['modifiers'], `${field}.modifiers`, {
      each: 10,
      most: fitLimits.modifiersMax,
    }),
    revenueCode: text('revenueCode', 48),
    chargeCents: fit.amount(members['chargeCents'], `${field}.chargeCents`),
    units: text('units', 15),
    unitBasis: text('unitBasis', 2),
    placeOfService: text('placeOfService', 3),
    serviceFrom: fit.day(members['serviceFrom'], `${field}.serviceFrom`),
    serviceTo: fit.day(members['serviceTo'], `${field}.serviceTo`),
  };
}

class Fitting {
  readonly faults: Fault[];

  constructor(known: readonly Fault[]) {
    this.faults = [...known];
  }

  object(value: unknown, field: string, known: readonly string[]): Readonly<Record<string, unknown>> {
    if (!isGiven(value)) return {};
    if (typeof value !== 'object' || Array.isArray(value)) {
      this.#fault('field.type', field, `${field} must be an object with members.`);
      return {};
    }
    for (const name of Object.keys(value)) {
      if (known.includes(name)) continue;
      const shown = /^\w{1,40}$/.test(name) ? `"${name}"` : 'of a name';
      this.#fault('field.unknown', field, `There is no member ${shown} that is known here (in ${field}).`);
    }
    return value as Record<string, unknown>;
  }

  text(value: unknown, field: string, max: number): string | undefined {
    if (!isGiven(value) || value === '') return undefined;
    if (typeof value !== 'string') return this.#fault('field.type', field, `${field} must be text.`);
    if (value.length > max) {
      return this.#fault('field.too-long', field, `${field} is longer than ${max} characters.`);
    }
    if (!isStorable(value)) {
      const message = `${field} holds a control character, or half of a character.`;
      return this.#fault('field.control-character', field, message);
    }
    return value;
  }

  amount(value: unknown, field: string): number | undefined {
    if (!isGiven(value)) return undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    return this.#fault(
      'field.amount',
      field,
      `${field} must be a whole number of cents that is not negative.`,
    );
  }

  day(value: unknown, field: string): string | undefined {
    if (!isGiven(value) || value === '') return undefined;
    const day = typeof value === 'string' ? parsePlainDate(value) : undefined;
    return day ?? this.#fault('field.day', field, `${field} must be a day of the calendar, YYYY-MM-DD.`);
  }

  words(value: unknown, field: string, { each, most }: { each: number; most: number }): string[] {
    return this.list(value, field, most)
      .map((word) => this.text(word, field, each))
      .filter((word) => word !== undefined);
  }

  list(value: unknown, field: string, most: number): readonly unknown[] {
    if (!isGiven(value)) return [];
    if (!Array.isArray(value)) {
      this.#fault('field.type', field, `${field} must be a list.`);
      return [];
    }
    if (value.length > most) this.#fault('field.too-many', field, `${field} has more than ${most} entries.`);
    return value.slice(0, most);
  }

  #fault(code: string, field: string, message: string): undefined {
    const path = fieldPath.test(field) ? { field } : {};
    if (this.faults.length < faultsMax) this.faults.push({ code, message, ...path });
  }
}

const isGiven = (value: unknown): value is NonNullable<unknown> => value !== undefined && value !== null;

const fieldPath = /^[A-Za-z][\w.]{0,79}$/;
const faultsMax = 200;

const requestMembers = [
  ...['claimId', 'frequency', 'facilityCode', 'originalReference', 'clearinghouseTrace'],
  ...['billingProvider', 'subscriber', 'patient', 'payerId', 'billedCents', 'diagnoses'],
  ...['serviceFrom', 'serviceTo', 'lines'],
];
const personMembers = ['memberId', 'lastName', 'firstName', 'middleName', 'birthDate'];
const lineMembers = [
  ...['lineNumber', 'lineControl', 'procedureQualifier', 'procedure', 'modifiers', 'revenueCode'],
  ...['chargeCents', 'units', 'unitBasis', 'placeOfService', 'serviceFrom', 'serviceTo'],
];
