import type { Notice, Returned, ReturnItem, ReturnStep } from '@remitflow/nacha';
import type { SettledEntry } from './bank-file.ts';

/** A payment as far as a bank's answer can concern it. */
export type AnsweredPayment = {
  readonly paymentId: string;
  readonly cycleId: string;
  readonly payeeId: string;
  readonly accountId: string;
  readonly traceNumber: string;
  readonly amountCents: number;
  readonly status: string;
  readonly isSettled: boolean;
  /** The bank refused the whole file: what it says of a single entry later is a contradiction. */
  readonly wasRefused: boolean;
  /** The change codes of the notices that came about it before. */
  readonly noticedCodes: readonly string[];
};

/**
 * Stands in for a return code when the originating bank refuses a whole file. Nacha's codes begin with R, and leave X01
 * free.
 */
export const fileRefusedCode = 'X01';

export type AnswerState = 'matched' | 'unmatched' | 'duplicate' | 'for-person';

/** One thing the bank says about one entry, and what payout makes of it. */
export type Matched<Item> = {
  readonly item: Item;
  readonly state: AnswerState;
  readonly reason: string;
  readonly payment?: AnsweredPayment;
  /** True when the answer changes something: a payment settles or comes back, a notice is kept. */
  readonly takesEffect: boolean;
};

type Payments = ReadonlyMap<string, AnsweredPayment>;

/** Each entry settles at most one payment once; the trace and the amount must both agree. */
export function matchSettled(entries: readonly SettledEntry[], payments: Payments): Matched<SettledEntry>[] {
  const seen = new Set<string>();
  return entries.map((item) => {
    const payment = payments.get(item.traceNumber);
    const stranger = strangeness(payment, item.amountCents);
    if (stranger !== undefined || payment === undefined) return unmatched(item, stranger ?? 'unknown-trace');
    if (payment.isSettled || seen.has(payment.paymentId)) return duplicate(item, payment);
    seen.add(payment.paymentId);
    return { item, payment, state: 'matched', reason: 'settled', takesEffect: true };
  });
}

/** Returns by trace and amount, notices by trace; nothing is dropped, and what is not understood goes to a person. */
export function matchReturnItems(items: readonly ReturnItem[], payments: Payments): Matched<ReturnItem>[] {
  const seen = new Set<string>();
  return items.map((item) => {
    const payment = payments.get(item.originalTrace);
    if (item.kind === 'return') return matchReturn(item, payment, seen);
    if (item.kind === 'notice') return matchNotice(item, payment, seen);
    return { item, payment, state: 'for-person', reason: item.kind, takesEffect: false };
  });
}

function matchReturn(
  item: Returned,
  payment: AnsweredPayment | undefined,
  seen: Set<string>,
): Matched<ReturnItem> {
  const stranger = strangeness(payment, item.amountCents);
  if (stranger !== undefined || payment === undefined) return unmatched(item, stranger ?? 'unknown-trace');
  if (payment.status === 'returned' || payment.status === 'reissued' || seen.has(payment.paymentId)) {
    return duplicate(item, payment);
  }
  seen.add(payment.paymentId);
  if (!item.meaning.isKnown) {
    return { item, payment, state: 'for-person', reason: 'unknown-code', takesEffect: true };
  }
  return { item, payment, state: 'matched', reason: item.meaning.nextStep, takesEffect: true };
}

function matchNotice(
  item: Notice,
  payment: AnsweredPayment | undefined,
  seen: Set<string>,
): Matched<ReturnItem> {
  if (payment === undefined) return unmatched(item, 'unknown-trace');
  const key = `${payment.paymentId}/${item.changeCode}`;
  if (payment.noticedCodes.includes(item.changeCode) || seen.has(key)) return duplicate(item, payment);
  seen.add(key);
  if (item.corrected === undefined) {
    return { item, payment, state: 'for-person', reason: 'correction-not-understood', takesEffect: true };
  }
  return { item, payment, state: 'matched', reason: 'change-noticed', takesEffect: true };
}

function strangeness(payment: AnsweredPayment | undefined, amountCents: number): string | undefined {
  if (payment === undefined) return 'unknown-trace';
  if (payment.amountCents !== amountCents) return 'other-amount';
  if (payment.status === 'abandoned') return 'never-sent';
  return payment.wasRefused ? 'file-was-refused' : undefined;
}

const unmatched = <Item>(item: Item, reason: string): Matched<Item> => ({
  item,
  state: 'unmatched',
  reason,
  takesEffect: false,
});

const duplicate = <Item>(item: Item, payment: AnsweredPayment): Matched<Item> => ({
  item,
  payment,
  state: 'duplicate',
  reason: 'answered-before',
  takesEffect: false,
});

/** These steps leave the account unfit until a person has dealt with it (domain: R20 freezes as R02–R04 do). */
const freezingSteps: readonly ReturnStep[] = [
  'freeze-account',
  'get-other-account',
  'get-new-routing',
  'hold-for-estate',
  'hold-for-compliance',
  'review-fraud',
];

/** Addenda 99, field 3, when it can be one. */
export const returnCodeOf = (code: string): string | undefined => (/^R\d{2}$/.test(code) ? code : undefined);

export const consequenceOf = (step: ReturnStep): 'freeze-account' | 'none' =>
  freezingSteps.includes(step) ? 'freeze-account' : 'none';

/** What a change code of addenda 98 wants changed, without the new value. */
export const changesOf = (changeCode: string): readonly string[] => changes[changeCode] ?? ['unknown'];

const changes: Readonly<Record<string, readonly string[]>> = {
  C01: ['account'],
  C02: ['routing'],
  C03: ['routing', 'account'],
  C04: ['name'],
  C05: ['type'],
  C06: ['account', 'type'],
  C07: ['routing', 'account', 'type'],
  C09: ['id'],
};
