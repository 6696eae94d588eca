import { packCode } from '../segment-code.ts';
import type { SegmentCursor } from '../segment-cursor.ts';
import type { Address, BillingProvider, Party, Patient, Person, Subscriber } from './claim.ts';

export type Growing<T> = { -readonly [K in keyof T]: T[K] };

export type ProviderInProgress = Growing<BillingProvider>;
export type MemberInProgress = Growing<Subscriber & Patient>;

/**
 * Objects are made with all their members, even where nothing was sent: those of one kind then share one shape,
 * which makes reading a claim several times faster (a spread makes a new one each time). JSON leaves out what is
 * undefined.
 */
export const readProvider = (nm1: SegmentCursor, taxonomy: string | undefined): ProviderInProgress => {
  const qualifier = nm1.element(8);
  const id = sent(nm1.trimmed(9));
  const isTaxId = qualifier === '24' || qualifier === '34';
  return {
    entity: entityOf(nm1),
    name: sent(nm1.element(3)),
    firstName: sent(nm1.element(4)),
    middleName: sent(nm1.element(5)),
    address: undefined,
    npi: qualifier === 'XX' ? id : undefined,
    taxId: isTaxId && id ? sent(digits(id)) : undefined,
    taxIdQualifier: undefined,
    taxonomy,
  };
};

export const readMember = (nm1: SegmentCursor): MemberInProgress => ({
  entity: entityOf(nm1),
  name: sent(nm1.element(3)),
  firstName: sent(nm1.element(4)),
  middleName: sent(nm1.element(5)),
  address: undefined,
  birthDate: undefined,
  sex: undefined,
  memberId: sent(nm1.trimmed(9)),
  payerResponsibility: undefined,
  relationship: undefined,
  groupNumber: undefined,
  filingIndicator: undefined,
});

export const readParty = (nm1: SegmentCursor): Growing<Party> => ({
  entity: entityOf(nm1),
  name: sent(nm1.element(3)),
  firstName: sent(nm1.element(4)),
  middleName: sent(nm1.element(5)),
  address: undefined,
});

export const addStreet = (party: { address?: Address }, n3: SegmentCursor): void => {
  const { city, state, zip } = party.address ?? noAddress;
  party.address = { line1: sent(n3.element(1)), line2: sent(n3.element(2)), city, state, zip };
};

export const addCity = (party: { address?: Address }, n4: SegmentCursor): void => {
  const { line1, line2 } = party.address ?? noAddress;
  const [city, state, zip] = [sent(n4.element(1)), sent(n4.element(2)), sent(n4.element(3))];
  party.address = { line1, line2, city, state, zip };
};

/** DMG02 and DMG03; a birth date that is none is left out, for nothing is paid by it. */
export const addDemographics = (party: Growing<Person>, dmg: SegmentCursor): void => {
  party.birthDate = dmg.codeOf(1) === D8 ? dmg.dayOf(2) : undefined;
  party.sex = sent(dmg.element(3));
};

export const sent = (text: string): string | undefined => (text === '' ? undefined : text);

export const digits = (text: string): string => text.replace(/\D/g, '');

const entityOf = (nm1: SegmentCursor): Party['entity'] =>
  nm1.codeOf(2) === personCode ? 'person' : 'organization';

const personCode = packCode('1');
const D8 = packCode('D8');
const noAddress: Address = {
  line1: undefined,
  line2: undefined,
  city: undefined,
  state: undefined,
  zip: undefined,
};
