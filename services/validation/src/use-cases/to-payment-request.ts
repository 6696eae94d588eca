import type { SubmittedLine, SubmittedRequest } from '@remitflow/contracts';
import { cents, parsePlainDate, type Cents, type PlainDate } from '@remitflow/kernel';
import type { PaymentRequest, ServiceLine } from '../domain/payment-request.ts';
import { remembered } from '../domain/remembered.ts';

/** The one place where the wire's words become ours. Most are ours already, and a claim of them is not copied. */
export const toPaymentRequest = (request: SubmittedRequest): PaymentRequest =>
  isOurs(request) && isAmount(request.billedCents) && request.lines.every(isLineOurs)
    ? (request as unknown as PaymentRequest)
    : copied(request);

const copied = (request: SubmittedRequest): PaymentRequest => ({
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

const isLineOurs = (line: SubmittedLine): boolean => isOurs(line) && isAmount(line.chargeCents);

const isOurs = ({ serviceFrom, serviceTo }: { serviceFrom?: string; serviceTo?: string }): boolean =>
  serviceFrom === knownDay(serviceFrom) && serviceTo === knownDay(serviceTo);

const isAmount = (amount: number | undefined): boolean => amount === amountOf(amount);

/** Past the safe range there is no amount to reckon with: the rules then say that it is missing. */
const amountOf = (amount: number | undefined): Cents | undefined =>
  Number.isSafeInteger(amount) ? cents(amount!) : undefined;

const knownDay = (text: string | undefined): PlainDate | undefined =>
  text === undefined ? undefined : dayOf(text);

const dayOf = remembered(parsePlainDate);
