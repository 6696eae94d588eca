import { addDays, dayOf } from '@remitflow/kernel';
import { writeClaims } from '@remitflow/x12';
import { goodPayees, payees } from './payees.mjs';

/** Of a mixed file: one claim in so many is over the review limit, and one does not add up. */
const overLimitEvery = 97;
const unbalancedEvery = 131;

/**
 * An 837P of invented patients, in pieces. `run` tells whose services are billed, `control` is the interchange's own number: the same
 * run under another control number bills the same services again. `mixed` claims have every outcome, others are all payable.
 */
export function writeClaimFile({ run, control, claims, mixed }) {
  const today = dayOf(new Date());
  const billed = mixed ? payees : goodPayees;
  return writeClaims(
    {
      type: '837P',
      batchReference: `NEM${control}`,
      submitter: {
        name: 'NEMESIS BILLING',
        id: 'NEMESIS',
        contact: { name: 'DESK', phone: '5555550100' },
      },
      receiver: { name: 'REMITFLOW HEALTH PLAN', id: 'REMITFLOW' },
      providers: providers(billed, { run, claims, mixed, today }),
    },
    {
      senderQualifier: 'ZZ',
      senderId: 'NEMESIS',
      receiverQualifier: 'ZZ',
      receiverId: 'REMITFLOW',
      date: today,
      time: '0900',
      interchangeControlNumber: control,
      usage: 'P',
      lineBreaks: true,
    },
  );
}

function* providers(billed, batch) {
  for (const [place, payee] of billed.entries()) {
    yield {
      provider: {
        entity: 'organization',
        npi: payee.npi,
        taxId: payee.taxId,
        taxIdQualifier: 'EI',
        name: payee.name,
        address: { line1: `${100 + place} MAIN STREET`, city: 'SPRINGFIELD', state: 'IL', zip: '627010001' },
      },
      subscribers: subscribers(batch, { place, of: billed.length }),
    };
  }
}

function* subscribers(batch, { place, of }) {
  for (let number = place; number < batch.claims; number += of) {
    yield {
      subscriber: {
        memberId: `N${batch.run}${String(number).padStart(6, '0')}`,
        entity: 'person',
        name: 'Alder',
        firstName: 'Ada',
        birthDate: addDays('1950-01-01', (number * 37) % 20_000),
        sex: 'F',
        relationship: '18',
        payerResponsibility: 'P',
        address: { line1: '1 OAK AVENUE', city: 'SPRINGFIELD', state: 'IL', zip: '62704' },
      },
      payer: { name: 'REMITFLOW HEALTH PLAN', id: 'RFHP1' },
      claims: [claim(batch, number)],
    };
  }
}

function claim({ run, mixed, today }, number) {
  const overLimit = mixed && number % overLimitEvery === 42;
  const chargeCents = overLimit ? 12_500_00 : 45_00 + (number % 97) * 125;
  const wrong = mixed && number % unbalancedEvery === 77 ? 10_00 : 0;
  return {
    claimId: `N${run}-${number + 1}`,
    totalChargeCents: chargeCents + wrong,
    diagnoses: [{ qualifier: 'ABK', code: 'Z0000' }],
    lines: [
      {
        procedure: '99213',
        chargeCents,
        placeOfService: '11',
        serviceFrom: addDays(today, -3 - (number % 25)),
        lineControl: `${run}-${number}`,
      },
    ],
  };
}

/** One request as JSON, of every outcome. */
export function singleRequest(run, number) {
  const payee = payees[number % payees.length];
  const chargeCents = number % overLimitEvery === 42 ? 12_500_00 : 60_00 + (number % 83) * 150;
  return {
    claimId: `S${run}-${number}`,
    frequency: '1',
    facilityCode: '11',
    billingProvider: { npi: payee.npi, taxId: payee.taxId, name: payee.name },
    subscriber: { memberId: `S${run}${number}`, lastName: 'DOE', firstName: 'JO', birthDate: '1980-02-29' },
    payerId: 'RFHP1',
    billedCents: chargeCents,
    diagnoses: ['J069'],
    lines: [
      {
        procedure: '99213',
        modifiers: ['25'],
        chargeCents,
        units: '1',
        serviceFrom: addDays(dayOf(new Date()), -2),
      },
    ],
  };
}
