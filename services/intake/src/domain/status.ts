/**
 * How far a request is. Facts may be heard in any order, so a status only ever moves to a higher rank; of two of the
 * same rank the first heard stays. From scheduled on the ranks are those of a payment, and one that was returned may be
 * followed by another: see outcome.store.ts.
 */
export const rankOf = {
  submitted: 0,
  held: 1,
  rejected: 2,
  denied: 2,
  approved: 2,
  scheduled: 3,
  paid: 4,
  explained: 4,
  reversed: 5,
} as const;

export type RequestStatus = keyof typeof rankOf;

export const requestStatuses = Object.keys(rankOf) as RequestStatus[];

export type StatusCount = {
  readonly status: RequestStatus;
  readonly requests: number;
  readonly billedCents: number;
  readonly paidCents: number;
};

/** The statuses behind each number that people are shown. */
const behind = {
  received: requestStatuses,
  approved: ['approved', 'scheduled', 'paid', 'reversed'],
  held: ['held'],
  rejected: ['rejected'],
  denied: ['denied', 'explained'],
} as const satisfies Record<string, readonly RequestStatus[]>;

export type Tally = Readonly<Record<keyof typeof behind, number>>;

export const tallyRequests = (counts: readonly StatusCount[]): Tally =>
  tally(counts, (count) => count.requests);

export const tallyBilled = (counts: readonly StatusCount[]): Tally =>
  tally(counts, (count) => count.billedCents);

export const countOf = (counts: readonly StatusCount[], statuses: readonly RequestStatus[]): number =>
  sum(counts, statuses, (count) => count.requests);

export const paidCentsOf = (counts: readonly StatusCount[]): number =>
  sum(counts, requestStatuses, (count) => count.paidCents);

function tally(counts: readonly StatusCount[], pick: (count: StatusCount) => number): Tally {
  const entries = Object.entries(behind).map(([name, statuses]) => [name, sum(counts, statuses, pick)]);
  return Object.fromEntries(entries) as Tally;
}

const sum = (
  counts: readonly StatusCount[],
  statuses: readonly RequestStatus[],
  pick: (count: StatusCount) => number,
): number =>
  counts.reduce((total, count) => (statuses.includes(count.status) ? total + pick(count) : total), 0);
