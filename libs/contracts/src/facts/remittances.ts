import { defineFact, itemsPerFactMax } from '../define-fact.ts';
import { Count, Id, Money, OneOf, Optional, Parts, Text } from '../fields.ts';

export const remittanceKinds = ['payment', 'denial', 'reversal'] as const;
export type RemittanceKind = (typeof remittanceKinds)[number];

export class RemittedRequest {
  @Id() requestId: string;
  @Text(80) claimId: string;
  @OneOf(['paid', 'denied', 'reversed']) outcome: 'paid' | 'denied' | 'reversed';
  /** CLP04: negative when a payment is reversed. */
  @Money() paidCents: number;
}

export class RemittancesPostedBody {
  @Id() remittanceId: string;
  @OneOf(remittanceKinds) kind: RemittanceKind;
  @Id() payeeId: string;
  /** Absent for a denial, which no payment belongs to. */
  @Optional() @Id() paymentId?: string;
  /** TRN02 of the 835. */
  @Text(50) trnReference: string;
  @Text(120) fileName: string;
  /** 1-based part of a remittance over many requests. */
  @Count(1) part: number;
  @Parts(() => RemittedRequest, { min: 1, max: itemsPerFactMax }) requests: RemittedRequest[];
}

/** A balanced 835 was written; this is the result for each of its requests. */
export const RemittancesPosted = defineFact({
  type: 'remittances.posted',
  major: 1,
  body: RemittancesPostedBody,
  saidBy: ['remittance'],
  heardBy: ['intake', 'audit'],
  items: 'requests',
  subject: (body) => body.remittanceId,
});
