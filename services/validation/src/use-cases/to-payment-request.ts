import type { SubmittedLine, SubmittedRequest } from '@remitflow/contracts';
import { cents, parsePlainDate, type Cents, type PlainDate } from '@remitflow/kernel';
import type { PaymentRequest, ServiceLine } from '../domain/payment-request.ts';

/** The one place where the wire's words become ours. */
export const toPaymentRequest = (request: SubmittedRequest): PaymentRequest => ({
  ...request,
  billedCents: amountOf(request.billedCents),
  serviceFrom: knownDay(request.serviceFrom),
  serviceTo: knownDay(request.serviceTo),
  lines: request.lines.map(toServiceLine),
});

const toServiceLine = (line: SubmittedLine): ServiceLine => ({
  ...line,
  chargeCents: amountOf(line.chargeCents),
  serviceFrom: knownDay(line.serviceFrom),
  serviceTo: knownDay(line.serviceTo),
});

/** Past the safe range there is no amount to reckon with: the rules then say that it is missing. */
const amountOf = (amount: number | undefined): Cents | undefined =>
  Number.isSafeInteger(amount) ? cents(amount!) : undefined;

const knownDay = (text: string | undefined): PlainDate | undefined =>
  text === undefined ? undefined : parsePlainDate(text);
