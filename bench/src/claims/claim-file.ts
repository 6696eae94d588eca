import { addDays, cents, type PlainDate } from '@remitflow/kernel';
import { writeClaims, type ClaimToWrite, type ProviderToWrite, type SubscriberToWrite } from '@remitflow/x12';
import { benchPayees, payeesOf, stranger, type BenchPayee } from './payees.ts';

export type ClaimFile = {
  readonly claims: number;
  /** Tells one file from another: no two bill the same service. */
  readonly run: number;
  readonly today: PlainDate;
};

/** One claim of a hundred is over the review limit, one of 125 does not add up, one of 200 names nobody we know. */
const [overLimitEvery, unbalancedEvery, strangerEvery] = [100, 125, 200];
/** Every fourth claim is a second one of the same patient. */
const secondEvery = 4;
/** So many lines, of every hundred claims: 2.04 in the mean. */
const linesOfHundred = [
  [45, 1],
  [75, 2],
  [90, 3],
  [96, 4],
  [99, 6],
  [100, 12],
] as const;

const procedures = [
  ['99213', 145_00, []],
  ['99214', 212_50, ['25']],
  ['93000', 58_75, []],
  ['80053', 41_20, []],
  ['36415', 12_00, []],
  ['71046', 96_40, ['26']],
  ['97110', 61_15, ['GP', '59']],
] as const;
const diagnoses = ['Z0000', 'I10', 'E119', 'M5450', 'J069', 'R0789', 'F411'];
const lastNames = ['Alder', 'Birch', 'Cypress', 'Dogwood', 'Elm', 'Fir', 'Ginkgo', 'Hazel', 'Ivy', 'Juniper'];
const firstNames = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gia', 'Hal', 'Ida', 'Jon', 'Kim'];

/** An 837P as a clearing house sends it, in pieces: practice by practice, none of which is ever held. */
export const claimFileText = (file: ClaimFile): Generator<string> =>
  writeClaims(
    {
      type: '837P',
      batchReference: `BENCH${file.run}`,
      submitter: {
        name: 'BENCH CLEARING HOUSE',
        id: 'BENCHSENDER',
        contact: { name: 'DESK', phone: '5555550100' },
      },
      receiver: { name: 'REMITFLOW HEALTH PLAN', id: 'REMITFLOW' },
      providers: providersOf(file),
    },
    {
      senderQualifier: 'ZZ',
      senderId: 'BENCHSENDER',
      receiverQualifier: 'ZZ',
      receiverId: 'REMITFLOW',
      date: file.today,
      time: '0900',
      interchangeControlNumber: file.run,
      usage: 'P',
      lineBreaks: true,
    },
  );

function* providersOf(file: ClaimFile): Generator<ProviderToWrite> {
  let first = 0;
  for (const [place, { payee, last }] of quotas(file.claims).entries()) {
    if (last === first) continue;
    yield {
      provider: {
        entity: 'organization',
        npi: payee.npi,
        taxId: payee.taxId,
        taxIdQualifier: 'EI',
        name: payee.name,
        address: { line1: `${100 + place} MAIN STREET`, city: 'SPRINGFIELD', state: 'IL', zip: '627010001' },
      },
      subscribers: subscribersOf(file, { first, last }),
    };
    first = last;
  }
}

/** Up to which claim each of them bills; the stranger has the end. */
function quotas(claims: number): readonly { payee: BenchPayee; last: number }[] {
  const payees = benchPayees(payeesOf(claims));
  const all = payees.reduce((sum, { weight }) => sum + weight, 0);
  const known = claims - Math.floor(claims / strangerEvery);
  let weight = 0;
  const ends = payees.map((payee) => {
    weight += payee.weight;
    return { payee, last: Math.round((known * weight) / all) };
  });
  return [...ends, { payee: stranger, last: claims }];
}

type Range = { readonly first: number; readonly last: number };

function* subscribersOf(file: ClaimFile, { first, last }: Range): Generator<SubscriberToWrite> {
  for (let number = first; number < last; number += 1) {
    const claims = [claimOf(file, number)];
    const subscriber = subscriberOf(file, number);
    if (number % secondEvery === secondEvery - 2 && number + 1 < last) {
      number += 1;
      claims.push(claimOf(file, number));
    }
    yield { subscriber, payer: { name: 'REMITFLOW HEALTH PLAN', id: 'RFHP1' }, claims };
  }
}

const subscriberOf = ({ run }: ClaimFile, number: number): SubscriberToWrite['subscriber'] => ({
  memberId: `M${run}${String(number).padStart(7, '0')}`,
  entity: 'person',
  name: lastNames[number % lastNames.length]!,
  firstName: firstNames[number % firstNames.length]!,
  birthDate: addDays('1950-01-01' as PlainDate, (number * 37) % 20_000),
  sex: number % 2 === 0 ? 'F' : 'M',
  relationship: '18',
  payerResponsibility: 'P',
  address: { line1: `${1 + (number % 900)} OAK AVENUE`, city: 'SPRINGFIELD', state: 'IL', zip: '62704' },
});

function claimOf({ run, today }: ClaimFile, number: number): ClaimToWrite {
  const serviceFrom = addDays(today, -3 - (number % 25));
  const isOverLimit = number % overLimitEvery === 42;
  const lines = Array.from({ length: linesOf(number) }, (_, place) => {
    const [procedure, charge, modifiers] = procedures[(number + place) % procedures.length]!;
    return {
      procedure,
      modifiers,
      chargeCents: cents(isOverLimit && place === 0 ? 12_500_00 : charge + (number % 17) * 25),
      placeOfService: '11',
      serviceFrom,
      lineControl: `${run}-${number}-${place + 1}`,
    };
  });
  const sum = lines.reduce((total, line) => total + line.chargeCents, 0);
  return {
    claimId: `B${run}-${number + 1}`,
    totalChargeCents: cents(number % unbalancedEvery === 77 ? sum + 10_00 : sum),
    diagnoses: [0, 1, 2].slice(0, 1 + (number % 3)).map((place) => ({
      qualifier: place === 0 ? 'ABK' : 'ABF',
      code: diagnoses[(number + place * 2) % diagnoses.length]!,
    })),
    lines,
  };
}

/** Spread by a factor that has no divisor in common with 100, so that neighbours differ. */
const linesOf = (number: number): number => linesOfHundred.find(([below]) => (number * 37) % 100 < below)![1];
