import { BrokenInvariant, cents, dayOf } from '@remitflow/kernel';
import {
  defaultDelimiters,
  type ClaimPayment,
  type Delimiters,
  type OutgoingEnvelope,
  type ProviderAdjustment,
  type RemittanceAdvice,
  type StreamedAdvice,
} from '@remitflow/x12';
import type { NumberedRemittance, Payee, SentPayment } from './remittance.ts';

/** Who pays, as configured. */
export type Payer = {
  readonly id: string;
  readonly taxId: string;
  readonly account: string;
  readonly party: RemittanceAdvice['payer'];
  readonly usage: 'P' | 'T';
};

export type AdviceParts = {
  readonly remittance: NumberedRemittance;
  readonly payer: Payer;
  readonly payee: Payee;
  /** Absent for a denial. */
  readonly payment?: SentPayment;
};

/** Claims, some at a time: whatever waits does so once a page. */
export type ClaimPages = Iterable<readonly ClaimPayment[]> | AsyncIterable<readonly ClaimPayment[]>;

/**
 * The 835 of a remittance, of claims as they stand in it. Behind the last one it throws `remittance.amount-differs` when
 * they do not add up to the payment, or those of a remittance without a payment to zero.
 */
export function adviceOf(
  { remittance, payer, payee, payment }: AdviceParts,
  pages: ClaimPages,
): StreamedAdvice {
  const isReversal = remittance.kind === 'reversal';
  const moves = remittance.kind === 'payment' ? payment : undefined;
  const amountCents = cents(moves ? remittance.amountCents : 0);
  const providerAdjustments = isReversal && payment ? [moneyReturned(remittance.amountCents, payment)] : [];
  const adjustedCents = providerAdjustments.reduce((sum, adjustment) => sum + adjustment.amountCents, 0);
  return {
    method: moves ? 'ACH' : 'NON',
    effectiveDate: remittance.effectiveDate,
    traceNumber: remittance.trnReference,
    payerTaxId: payer.taxId,
    productionDate: dayOf(remittance.issuedAt),
    ...(moves && {
      payerAccount: { routing: moves.odfiRouting, account: payer.account },
      payeeAccount: {
        routing: moves.routingNumber,
        account: `XXXXXX${moves.lastDigits}`,
        accountType: moves.accountType,
      },
    }),
    payer: payer.party,
    payee: {
      name: payee.name,
      npi: payee.npi,
      taxId: payee.taxId,
      ...(payee.address && { address: payee.address }),
    },
    amountCents,
    claims: comingTo(amountCents + adjustedCents, pages, remittance.remittanceId),
    providerAdjustments,
  };
}

async function* comingTo(
  expectedCents: number,
  pages: ClaimPages,
  remittanceId: string,
): AsyncGenerator<ClaimPayment> {
  let claimsCents = 0;
  for await (const page of pages)
    for (const claim of page) {
      claimsCents += claim.paidCents;
      yield claim;
    }
  if (claimsCents !== expectedCents)
    throw new BrokenInvariant('remittance.amount-differs', { remittanceId, expectedCents, claimsCents });
}

/** ISA and GS: from the payer to the payee, at the time that was stored. */
export const envelopeOf = (
  { remittance, payer, payee }: Pick<AdviceParts, 'remittance' | 'payer' | 'payee'>,
  delimiters: Delimiters,
): OutgoingEnvelope => ({
  senderQualifier: 'ZZ',
  senderId: payer.id,
  receiverQualifier: 'ZZ',
  receiverId: payee.npi,
  date: dayOf(remittance.issuedAt),
  time: timeOf(remittance.issuedAt),
  interchangeControlNumber: remittance.controlNumber,
  usage: payer.usage,
  delimiters,
  lineBreaks: true,
});

/** Ids are echoed as they are: where one holds a usual delimiter, the file uses others. */
export async function delimitersFor(pages: ClaimPages): Promise<Delimiters> {
  const used = new Set<string>();
  for await (const page of pages)
    for (const text of page.flatMap((claim) => [...echoedIn(claim)]))
      if (/[^\w -]/.test(text)) for (const character of text) used.add(character);
  const free = (choices: string): string => [...choices].find((choice) => !used.has(choice))!;
  return {
    ...defaultDelimiters,
    element: free('*|\u001d'),
    component: free(':>\u001f'),
    segment: free('~\u001c'),
    repetition: free('^{\u001e'),
  };
}

function* echoedIn(claim: ClaimPayment): Generator<string> {
  yield claim.claimId;
  yield claim.patient?.memberId ?? '';
  yield claim.subscriber?.memberId ?? '';
  for (const line of claim.lines)
    yield `${line.lineControl ?? ''}${line.procedure ?? ''}${line.revenueCode ?? ''}`;
}

/** The payee's bank has sent the money back: an authorised return, so that nothing is owed (PLB 72). */
const moneyReturned = (amountCents: number, { trnReference }: SentPayment): ProviderAdjustment => ({
  reason: '72',
  reference: trnReference,
  amountCents: cents(-amountCents),
});

/** It takes longer to make than to use. */
const clock = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

const timeOf = (instant: Date): string => clock.format(instant).replace(':', '');
