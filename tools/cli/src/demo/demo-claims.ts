import { addDays, cents, type PlainDate } from '@remitflow/kernel';
import { writeClaims, type ClaimToWrite, type ProviderToWrite, type SubscriberToWrite } from '@remitflow/x12';
import { demoPayees, unknownNpi, type DemoPayee } from './demo-payees.ts';

export type DemoBatch = {
  readonly claims: number;
  /** Tells one run from another: no two runs bill the same service. */
  readonly run: number;
  /** The day the file is made. */
  readonly today: PlainDate;
};

/** Of every hundred claims, one is over the review limit, one does not add up and one names nobody we know. */
const overLimitEvery = 100;
const unbalancedEvery = 125;
const strangerEvery = 200;

const procedures = [
  ['99213', 145_00],
  ['99214', 212_50],
  ['93000', 58_75],
  ['80053', 41_20],
  ['36415', 12_00],
  ['71046', 96_40],
] as const;
const lastNames = ['Alder', 'Birch', 'Cypress', 'Dogwood', 'Elm', 'Fir', 'Ginkgo', 'Hazel', 'Ivy', 'Juniper'];
const firstNames = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gia', 'Hal', 'Ida', 'Jon'];

/** An 837P of invented patients, in pieces; the same batch gives the same bytes. */
export function writeDemoClaims(batch: DemoBatch): Generator<string> {
  return writeClaims(
    {
      type: '837P',
      batchReference: `DEMO${batch.run}`,
      submitter: {
        name: 'DEMO BILLING SERVICE',
        id: 'DEMOBILLER',
        contact: { name: 'DEMO DESK', phone: '5555550100' },
      },
      receiver: { name: 'REMITFLOW HEALTH PLAN', id: 'REMITFLOW' },
      providers: providersOf(batch),
    },
    {
      senderQualifier: 'ZZ',
      senderId: 'DEMOBILLER',
      receiverQualifier: 'ZZ',
      receiverId: 'REMITFLOW',
      date: batch.today,
      time: '0900',
      interchangeControlNumber: batch.run,
      usage: 'P',
      lineBreaks: true,
    },
  );
}

function* providersOf(batch: DemoBatch): Generator<ProviderToWrite> {
  const providers: readonly DemoPayee[] = [
    ...demoPayees,
    { ...demoPayees[0]!, npi: unknownNpi, name: 'Stranger Clinic' },
  ];
  for (const [place, provider] of providers.entries()) {
    yield {
      provider: {
        entity: 'organization',
        npi: provider.npi,
        taxId: provider.taxId,
        taxIdQualifier: 'EI',
        name: provider.name,
        address: { line1: `${100 + place} MAIN STREET`, city: 'SPRINGFIELD', state: 'IL', zip: '627010001' },
      },
      subscribers: subscribersOf(batch, place),
    };
  }
}

const isStranger = (number: number): boolean => number % strangerEvery === strangerEvery - 1;

const providerOf = (number: number): number =>
  isStranger(number) ? demoPayees.length : number % demoPayees.length;

function* subscribersOf(batch: DemoBatch, provider: number): Generator<SubscriberToWrite> {
  for (let number = 0; number < batch.claims; number += 1) {
    if (providerOf(number) !== provider) continue;
    yield {
      subscriber: {
        memberId: `M${batch.run}${String(number).padStart(7, '0')}`,
        entity: 'person',
        name: lastNames[number % lastNames.length]!,
        firstName: firstNames[Math.floor(number / lastNames.length) % firstNames.length]!,
        birthDate: addDays('1950-01-01' as PlainDate, (number * 37) % 20_000),
        sex: number % 2 === 0 ? 'F' : 'M',
        relationship: '18',
        payerResponsibility: 'P',
        address: {
          line1: `${1 + (number % 900)} OAK AVENUE`,
          city: 'SPRINGFIELD',
          state: 'IL',
          zip: '62704',
        },
      },
      payer: { name: 'REMITFLOW HEALTH PLAN', id: 'RFHP1' },
      claims: [claimOf(batch, number)],
    };
  }
}

function claimOf(batch: DemoBatch, number: number): ClaimToWrite {
  const day = addDays(batch.today, -3 - (number % 25));
  const isOverLimit = number % overLimitEvery === 42;
  const lines = Array.from({ length: 1 + (number % 3) }, (_, place) => {
    const [procedure, charge] = procedures[(number + place) % procedures.length]!;
    return {
      procedure,
      chargeCents: cents(isOverLimit && place === 0 ? 12_500_00 : charge + (number % 17) * 25),
      placeOfService: '11',
      serviceFrom: day,
      lineControl: `${batch.run}-${number}-${place + 1}`,
    };
  });
  const sum = lines.reduce((total, line) => total + line.chargeCents, 0);
  return {
    claimId: `D${batch.run}-${number + 1}`.slice(0, 20),
    totalChargeCents: cents(number % unbalancedEvery === 77 ? sum + 10_00 : sum),
    diagnoses: [{ qualifier: 'ABK', code: 'Z0000' }],
    lines,
  };
}
