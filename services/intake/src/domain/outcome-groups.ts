import { rankOf, type RequestStatus } from './status.ts';

export type Outcome = {
  readonly requestId: string;
  readonly status: RequestStatus;
  readonly paidCents?: number;
  /** Of the payment that it is about, if it is. */
  readonly paymentId?: string;
};

export const isPaid = ({ status }: Outcome): boolean => status === 'scheduled' || status === 'paid';

/** A decision is of no payment, nor is the explanation of a denial; what is paid is of one. */
export const isPlain = (outcome: Outcome): boolean => {
  if (rankOf[outcome.status] >= rankOf.scheduled && outcome.paidCents === undefined) return false;
  return isPaid(outcome) === (outcome.paymentId !== undefined);
};

/** One for each request, in the order of their ids, so that two transactions never wait on each other. */
export function byStatus(outcomes: readonly Outcome[]): (readonly Outcome[])[] {
  const groups = new Map<RequestStatus, Outcome[]>();
  for (const outcome of outcomes) {
    const group = groups.get(outcome.status);
    if (group) group.push(outcome);
    else groups.set(outcome.status, [outcome]);
  }
  return [...groups.values()].map(inOrder);
}

/** Those of each payment, if they are of payments; each in order. */
export function byPayment(outcomes: readonly Outcome[]): Iterable<readonly Outcome[]> {
  const { paymentId: first } = outcomes[0]!;
  if (outcomes.every(({ paymentId }) => paymentId === first)) return [outcomes];
  const groups = new Map<string | undefined, Outcome[]>();
  for (const outcome of outcomes) {
    const group = groups.get(outcome.paymentId);
    if (group) group.push(outcome);
    else groups.set(outcome.paymentId, [outcome]);
  }
  return groups.values();
}

/** Each id once. */
export const inOrder = (outcomes: readonly Outcome[]): readonly Outcome[] =>
  isInOrder(outcomes)
    ? outcomes
    : [...new Map(outcomes.map((outcome) => [outcome.requestId, outcome])).values()].sort((a, b) =>
        a.requestId < b.requestId ? -1 : 1,
      );

const isInOrder = (outcomes: readonly Outcome[]): boolean =>
  outcomes.every(({ requestId }, place) => place === 0 || outcomes[place - 1]!.requestId < requestId);
