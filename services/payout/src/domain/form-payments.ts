import { entryAmountCentsMax, sideTotalCentsMax } from '@remitflow/nacha';

/** Why the payables of a payee stay open when a cycle is closed. */
export type HoldReason =
  | 'payee-unknown'
  | 'payee-not-active'
  | 'no-account'
  | 'account-not-active'
  | 'account-frozen'
  | 'over-entry-limit'
  | 'over-file-limit'
  | 'file-full';

/** What one payee has open, as the cycle found it. */
export type OpenPayables = {
  readonly payeeId: string;
  readonly requests: number;
  readonly amountCents: number;
  /** Set when the payee cannot be paid at all at this moment. */
  readonly hold?: HoldReason;
};

export type Held = OpenPayables & { readonly hold: HoldReason };

export type HeldBack = {
  readonly payees: number;
  readonly requests: number;
  readonly cents: number;
  readonly reasons: Readonly<Record<string, { payees: number; requests: number; cents: number }>>;
};

/** An entry and its addenda are two records of a batch, and one file has one batch. */
export const paymentsPerFileMax = 499_999;

/**
 * One payment per payee, in the order given; what does not fit Nacha's limits is held back whole, because a payment is
 * never split. Every payee comes out on one side or the other.
 */
export function formPayments(
  payees: readonly OpenPayables[],
  limits = { entryCents: entryAmountCentsMax, fileCents: sideTotalCentsMax, payments: paymentsPerFileMax },
): { payments: OpenPayables[]; held: Held[] } {
  const payments: OpenPayables[] = [];
  const held: Held[] = [];
  let fileCents = 0;
  for (const payee of payees) {
    const hold =
      payee.hold ?? limitBroken(payee.amountCents, { fileCents, payments: payments.length }, limits);
    if (hold !== undefined) {
      held.push({ ...payee, hold });
      continue;
    }
    fileCents += payee.amountCents;
    payments.push(payee);
  }
  return { payments, held };
}

/** The 1-based record number of a payment's record 6: two headers come first, and each entry has one addenda. */
export const entryLine = (index: number): number => 3 + 2 * index;

export function summarizeHeld(held: readonly Held[]): HeldBack {
  const reasons: Record<string, { payees: number; requests: number; cents: number }> = {};
  const total = { payees: 0, requests: 0, cents: 0 };
  for (const { hold, requests, amountCents } of held) {
    for (const sum of [total, (reasons[hold] ??= { payees: 0, requests: 0, cents: 0 })]) {
      sum.payees += 1;
      sum.requests += requests;
      sum.cents += amountCents;
    }
  }
  return { ...total, reasons };
}

type Sums = { readonly fileCents: number; readonly payments: number };

function limitBroken(
  amountCents: number,
  before: Sums,
  limits: Sums & { readonly entryCents: number },
): HoldReason | undefined {
  if (amountCents > limits.entryCents) return 'over-entry-limit';
  if (before.fileCents + amountCents > limits.fileCents) return 'over-file-limit';
  return before.payments >= limits.payments ? 'file-full' : undefined;
}
