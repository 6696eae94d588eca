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

export type OpenPayee = OpenPayables & { readonly npi: string; readonly name: string };

export type Held = OpenPayables & { readonly hold: HoldReason };

/** What a file holds already. */
export type FileSums = { readonly fileCents: number; readonly payments: number };

export type HeldBack = {
  readonly payees: number;
  readonly requests: number;
  readonly cents: number;
  readonly reasons: Readonly<Record<string, { payees: number; requests: number; cents: number }>>;
};

export const nothingHeld: HeldBack = { payees: 0, requests: 0, cents: 0, reasons: {} };

/** An entry and its addenda are two records of a batch, and one file has one batch. */
export const paymentsPerFileMax = 499_999;

export const noPayments: FileSums = { fileCents: 0, payments: 0 };

const nachaLimits = {
  entryCents: entryAmountCentsMax,
  fileCents: sideTotalCentsMax,
  payments: paymentsPerFileMax,
};

/**
 * One payment per payee, in the order given, behind those that the file holds before; what does not fit Nacha's limits is
 * held back whole, because a payment is never split. Every payee comes out on one side or the other.
 */
export function formPayments(
  payees: readonly OpenPayables[],
  before = noPayments,
  limits = nachaLimits,
): { payments: OpenPayables[]; held: Held[] } {
  const payments: OpenPayables[] = [];
  const held: Held[] = [];
  let { fileCents } = before;
  for (const payee of payees) {
    const sums = { fileCents, payments: before.payments + payments.length };
    const hold = payee.hold ?? limitBroken(payee.amountCents, sums, limits);
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

/** Added to what was held back before. */
export function summarizeHeld(held: readonly Held[], before = nothingHeld): HeldBack {
  const { reasons: reasonsBefore, ...totalBefore } = before;
  const reasons: Record<string, { payees: number; requests: number; cents: number }> = {};
  for (const [reason, sums] of Object.entries(reasonsBefore)) reasons[reason] = { ...sums };
  const total = { ...totalBefore };
  for (const { hold, requests, amountCents } of held) {
    for (const sum of [total, (reasons[hold] ??= { payees: 0, requests: 0, cents: 0 })]) {
      sum.payees += 1;
      sum.requests += requests;
      sum.cents += amountCents;
    }
  }
  return { ...total, reasons };
}

function limitBroken(
  amountCents: number,
  before: FileSums,
  limits: FileSums & { readonly entryCents: number },
): HoldReason | undefined {
  if (amountCents > limits.entryCents) return 'over-entry-limit';
  if (before.fileCents + amountCents > limits.fileCents) return 'over-file-limit';
  return before.payments >= limits.payments ? 'file-full' : undefined;
}
