import { parseCompactDate } from '@remitflow/kernel';
import type { Segment } from '../segment.ts';
import type { Address, BillingProvider, Party, Patient, Person, Subscriber } from './claim.ts';

export type Growing<T> = { -readonly [K in keyof T]: T[K] };

/** A party while its N3, N4, REF and DMG segments are still coming. */
export type PartyInProgress = Growing<BillingProvider & Subscriber & Patient & { id?: string }>;

/** Reads an NM1 segment; what NM109 means depends on the loop, so it is only kept as `id`. */
export function readParty(nm1: Segment): PartyInProgress {
  const party: PartyInProgress = { entity: nm1.element(2) === '1' ? 'person' : 'organization' };
  const [, , , name, firstName, middleName] = nm1.elements;
  if (name) party.name = name;
  if (firstName) party.firstName = firstName;
  if (middleName) party.middleName = middleName;
  const id = nm1.element(9).trim();
  if (id) party.id = id;
  return party;
}

/** Adds what N3, N4 and DMG say of a party; other segments are left alone. */
export function addToParty(party: PartyInProgress, segment: Segment): void {
  switch (segment.id) {
    case 'N3':
      return addAddress(party, { line1: segment.element(1), line2: segment.element(2) });
    case 'N4':
      return addAddress(party, {
        city: segment.element(1),
        state: segment.element(2),
        zip: segment.element(3),
      });
    case 'DMG':
      return addDemographics(party, segment);
  }
}

export function asBillingProvider(party: PartyInProgress, nm1: Segment): void {
  const qualifier = nm1.element(8);
  if (qualifier === 'XX' && party.id) party.npi = party.id;
  if ((qualifier === '24' || qualifier === '34') && party.id) party.taxId = digits(party.id);
  delete party.id;
}

export function asMember(party: Growing<Person> & { id?: string }): void {
  if (party.id) party.memberId = party.id;
  delete party.id;
}

export const digits = (text: string): string => text.replace(/\D/g, '');

function addAddress(party: Growing<Party>, parts: Address): void {
  const sent = Object.entries(parts).filter(([, text]) => text !== '');
  if (sent.length > 0) party.address = { ...party.address, ...Object.fromEntries(sent) };
}

function addDemographics(party: Growing<Person>, dmg: Segment): void {
  const birthDate = dmg.element(1) === 'D8' ? parseCompactDate(dmg.element(2)) : undefined;
  if (birthDate) party.birthDate = birthDate;
  if (dmg.element(3)) party.sex = dmg.element(3);
}
