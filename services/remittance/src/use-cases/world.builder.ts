import {
  cutBulk,
  PayeesChanged,
  PayoutsClosed,
  PayoutsReturnedV2,
  PayoutsScheduled,
  PayoutsSent,
  RequestsApproved,
  RequestsDenied,
  type BodyOf,
  type DecidedRequest,
  type FactContract,
} from '@remitflow/contracts';
import { remitflowNamespace, uuidV5 } from '@remitflow/kernel';

export type Said = { readonly contract: FactContract; readonly body: object };

let serial = 0;

/** A payee with requests, the payment of those approved, and the facts about them in halves. */
export function world(approved: number, denied = 0) {
  serial += 1;
  const idOf = idsOf(serial);
  const ids = {
    payeeId: idOf('payee'),
    submissionId: idOf('submission'),
    cycleId: idOf('cycle'),
    paymentId: idOf('payment'),
  };
  const claims = Array.from({ length: approved + denied }, (_, index) =>
    decided(serial, index + 1, index >= approved),
  );
  const [paid, refused] = [claims.slice(0, approved), claims.slice(approved)];
  const amountCents = paid.reduce((sum, request) => sum + request.paidCents, 0);
  const payment = {
    ...ids,
    amountCents,
    requests: paid,
    trnReference: `RF${String(serial).padStart(13, '0')}`,
  };
  const { submissionId, cycleId } = ids;
  const facts = [
    payeeFact(ids.payeeId),
    ...halvesOf(paid).map((requests) => said(RequestsApproved, { submissionId, requests })),
    ...halvesOf(refused).map((requests) => said(RequestsDenied, { submissionId, requests })),
    ...halvesOf(paid).map((requests) => scheduledFact({ ...ids, requests })),
    ...(approved > 0 ? [sentFact(payment)] : []),
  ];
  const closed = said(PayoutsClosed, {
    cycleId,
    closedAt: '2026-11-22T21:00:00.000Z',
    payments: approved > 0 ? 1 : 0,
    amountCents,
  });
  return { ...payment, paid, refused, facts, closed, returned: returnedFact(payment) };
}

/** The payment among these facts once more, of the same requests, in a cycle of its own. */
export function reissueOf(
  facts: readonly Said[],
  { trnReference, ...ids }: Pick<Payment, 'cycleId' | 'paymentId' | 'trnReference'>,
) {
  const again = facts.flatMap(({ contract, body }): Said[] => {
    if (contract === PayoutsScheduled) {
      const { requests } = body as BodyOf<typeof PayoutsScheduled>;
      return [
        said(PayoutsScheduled, {
          cycleId: ids.cycleId,
          requests: requests.map((request) => ({ ...request, paymentId: ids.paymentId })),
        }),
      ];
    }
    if (contract !== PayoutsSent) return [];
    const sent = body as BodyOf<typeof PayoutsSent>;
    const payments = sent.payments.map((one) => ({ ...one, paymentId: ids.paymentId, trnReference }));
    return [said(PayoutsSent, { ...sent, cycleId: ids.cycleId, payments })];
  });
  const sent = again.at(-1)!.body as BodyOf<typeof PayoutsSent>;
  const { amountCents, payeeId } = sent.payments[0]!;
  const closed = said(PayoutsClosed, {
    cycleId: ids.cycleId,
    closedAt: '2026-11-30T21:00:00.000Z',
    payments: 1,
    amountCents,
  });
  const returned = returnedFact({ ...ids, payeeId, amountCents, trnReference, requests: [] });
  return { ...ids, trnReference, facts: again, closed, returned };
}

/** A bulk fact as the facts of at most as many items that it may be said as. */
export function splitFact({ contract, body }: Said): Said[] {
  const list = contract.items as keyof typeof body;
  const items: unknown = body[list];
  if (!Array.isArray(items)) return [{ contract, body }];
  return cutBulk(items as object[]).map((run) => ({ contract, body: { ...body, [list]: run } }));
}

type Payment = {
  readonly payeeId: string;
  readonly cycleId: string;
  readonly paymentId: string;
  readonly amountCents: number;
  readonly trnReference: string;
  readonly requests: readonly DecidedRequest[];
};

const idsOf =
  (place: number) =>
  (name: string): string =>
    uuidV5(remitflowNamespace, `spec/${place}/${name}`);

const said = <Contract extends FactContract>(contract: Contract, body: BodyOf<Contract>): Said => ({
  contract,
  body,
});

function halvesOf<Item>(all: readonly Item[]): Item[][] {
  const middle = Math.ceil(all.length / 2);
  return [all.slice(0, middle), all.slice(middle)].filter((half) => half.length > 0);
}

function decided(place: number, position: number, isDenied: boolean): DecidedRequest {
  const idOf = idsOf(place);
  return {
    requestId: idOf(`request/${position}`),
    position,
    kind: '837P',
    claimId: `CLAIM-${place}-${position}`,
    frequency: '1',
    facilityCode: '11',
    payeeId: idOf('payee'),
    contractId: idOf('contract'),
    rulesVersion: '1',
    subscriber: { memberId: `M${position}`, lastName: 'Doe', firstName: 'Zoë' },
    serviceFrom: '2026-11-02',
    serviceTo: '2026-11-03',
    receivedOn: '2026-11-20',
    billedCents: 15_000 + position,
    paidCents: isDenied ? 0 : 9_990 + position,
    lines: isDenied ? deniedLines(position) : paidLines(position),
  };
}

const visit = {
  lineNumber: 1,
  lineControl: 'L1',
  procedureQualifier: 'HC',
  procedure: '99213',
  modifiers: ['25'],
  units: '2',
  serviceFrom: '2026-11-02',
  serviceTo: '2026-11-03',
};

const drawing = {
  lineNumber: 2,
  procedureQualifier: 'HC',
  procedure: '36415',
  modifiers: [],
  serviceFrom: '2026-11-02',
  serviceTo: '2026-11-02',
  chargeCents: 5_000,
};

const paidLines = (position: number): DecidedRequest['lines'] => [
  {
    ...visit,
    chargeCents: 10_000 + position,
    paidCents: 8_000 + position,
    adjustments: [{ group: 'CO', reason: '45', amountCents: 2_000 }],
  },
  {
    ...drawing,
    paidCents: 1_990,
    adjustments: [
      { group: 'CO', reason: '45', amountCents: 2_010 },
      { group: 'PR', reason: '2', amountCents: 1_000 },
    ],
  },
];

const deniedLines = (position: number): DecidedRequest['lines'] => [
  {
    ...visit,
    chargeCents: 10_000 + position,
    paidCents: 0,
    adjustments: [{ group: 'CO', reason: '96', amountCents: 10_000 + position }],
  },
  { ...drawing, paidCents: 0, adjustments: [{ group: 'CO', reason: '96', amountCents: 5_000 }] },
];

const payeeFact = (payeeId: string): Said =>
  said(PayeesChanged, {
    payees: [
      {
        payeeId,
        version: 2,
        npi: '1234567893',
        taxId: '123456789',
        name: 'Gránd Clinic *~ LLC',
        status: 'active',
        address: { line1: '1 High St', city: 'Denver', state: 'CO', zip: '80202' },
      },
    ],
  });

const scheduledFact = ({
  cycleId,
  paymentId,
  payeeId,
  requests,
}: Pick<Payment, 'cycleId' | 'paymentId' | 'payeeId' | 'requests'>): Said =>
  said(PayoutsScheduled, {
    cycleId,
    requests: requests.map(({ requestId, paidCents }) => ({
      requestId,
      paymentId,
      payeeId,
      amountCents: paidCents,
    })),
  });

const bankAccount = { accountId: uuidV5(remitflowNamespace, 'spec/account'), traceNumber: '091000010000001' };

const sentFact = ({ cycleId, paymentId, payeeId, amountCents, trnReference, requests }: Payment): Said =>
  said(PayoutsSent, {
    cycleId,
    fileName: 'x.ach',
    effectiveDate: '2026-11-24',
    odfiRouting: '091000019',
    payments: [
      {
        ...bankAccount,
        paymentId,
        payeeId,
        amountCents,
        requestCount: requests.length,
        trnReference,
        routingNumber: '011000015',
        accountType: 'savings',
        lastDigits: '6789',
      },
    ],
  });

const returnedFact = ({ paymentId, payeeId, amountCents }: Payment): Said =>
  said(PayoutsReturnedV2, {
    payments: [
      {
        ...bankAccount,
        paymentId,
        payeeId,
        amountCents,
        sentBackBy: 'payees-bank',
        returnCode: 'R03',
        reason: 'No account',
        consequence: 'freeze-account',
        returnedOn: '2026-11-25',
      },
    ],
  });
