import {
  PayoutsScheduled,
  RemittancesPosted,
  RequestsApproved,
  RequestsHeld,
  RequestsSubmitted,
  type DecidedRequest,
  type FactContract,
  type ServiceName,
} from '@remitflow/contracts';

/** One request on its way through the services; what it is worth follows from its id. */
export type Item = { readonly itemId: string; readonly amountCents: number };

type Listed = Item & { readonly isHeld: boolean };
type FollowUp = { readonly contract: FactContract; readonly body: object };

export const submissionIdOf = (place: number): string => `0000000${place}-0000-4000-8000-000000000000`;

export const itemsOfSubmission = (place: number, count: number): Item[] =>
  Array.from({ length: count }, (_, item) => ({
    itemId: `0000000${place}-0000-4000-8000-00000000000${item + 1}`,
    amountCents: 100 * (place + 1) + item + 1,
  }));

/** What a request is worth, whoever asks: an altered copy of a message says something else. */
export const amountOf = (itemId: string): number =>
  100 * (Number(itemId.slice(0, 8)) + 1) + Number(itemId.slice(-1));

/** The tiny but valid body that a submission begins with. */
export const submission = (place: number, items: readonly Item[]) => ({
  submissionId: submissionIdOf(place),
  part: 1,
  receivedOn: day,
  requests: items.map(({ itemId, amountCents }, position) => ({
    requestId: itemId,
    position: position + 1,
    kind: 'json' as const,
    claimId: 'C',
    billingProvider: {},
    subscriber: {},
    billedCents: amountCents,
    diagnoses: [],
    lines: [],
    faults: [],
  })),
});

/** The items of any fact of the simulation. */
export function itemsIn(body: object): Item[] {
  const { requests } = body as { requests?: readonly Record<string, unknown>[] };
  return (requests ?? []).map((request) => ({
    itemId: String(request['requestId']),
    amountCents: Number(request['billedCents'] ?? request['amountCents'] ?? request['paidCents']),
  }));
}

/** What a service says when it has handled a fact: the chain that a claim goes down in production, made small. */
export function followUps(
  { service, holdsEverything }: { service: ServiceName; holdsEverything: boolean },
  contract: FactContract,
  body: object,
): FollowUp[] {
  const items = itemsIn(body);
  if (service === 'validation' && contract === RequestsSubmitted)
    return decided(
      body,
      items.map((item) => ({ ...item, isHeld: holdsEverything || item.amountCents % 4 === 0 })),
    );
  if (service === 'payout' && contract === RequestsApproved)
    return [{ contract: PayoutsScheduled, body: scheduled(items) }];
  if (service === 'remittance' && contract === PayoutsScheduled)
    return [{ contract: RemittancesPosted, body: posted(items) }];
  return [];
}

function decided(body: object, listed: readonly Listed[]): FollowUp[] {
  const { submissionId } = body as { submissionId: string };
  const held = listed.filter(({ isHeld }) => isHeld);
  const approved = listed.filter(({ isHeld }) => !isHeld);
  return [
    { contract: RequestsApproved, body: { submissionId, requests: approved.map(approvedRequest) } },
    { contract: RequestsHeld, body: { submissionId, requests: held.map(heldRequest) } },
  ].filter(({ body: { requests } }) => requests.length > 0);
}

const day = '2026-11-20';
const someId = '00000000-0000-4000-8000-000000000000';

const approvedRequest = ({ itemId, amountCents }: Item): DecidedRequest => ({
  requestId: itemId,
  position: 1,
  kind: 'json',
  claimId: 'C',
  frequency: '1',
  payeeId: someId,
  contractId: someId,
  rulesVersion: '1',
  subscriber: {},
  serviceFrom: day,
  serviceTo: day,
  receivedOn: day,
  billedCents: amountCents,
  paidCents: amountCents,
  lines: [
    {
      lineNumber: 1,
      modifiers: [],
      serviceFrom: day,
      serviceTo: day,
      chargeCents: amountCents,
      paidCents: amountCents,
      adjustments: [],
    },
  ],
});

const heldRequest = ({ itemId, amountCents }: Item) => ({
  requestId: itemId,
  claimId: 'C',
  billedCents: amountCents,
  allowedCents: amountCents,
  findings: [{ ruleId: 'amount', ruleVersion: '1', message: 'a person decides' }],
});

const scheduled = (items: readonly Item[]) => ({
  cycleId: someId,
  requests: items.map(({ itemId, amountCents }) => ({
    requestId: itemId,
    paymentId: itemId,
    payeeId: someId,
    amountCents,
  })),
});

const posted = (items: readonly Item[]) => ({
  remittanceId: items[0]!.itemId,
  kind: 'payment' as const,
  payeeId: someId,
  trnReference: 'T',
  fileName: 'F',
  part: 1,
  requests: items.map(({ itemId, amountCents }) => ({
    requestId: itemId,
    claimId: 'C',
    outcome: 'paid' as const,
    paidCents: amountCents,
  })),
});
