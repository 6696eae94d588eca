import type { PlainDate } from '@remitflow/kernel';
import type { PaymentRequest, ServiceLine } from './payment-request.ts';

export type Period = { readonly from: PlainDate; readonly to: PlainDate };

/** When a line was done: its own dates, or those of its claim (institutional lines may carry none). */
export function periodOfLine(line: ServiceLine, request: PaymentRequest): Period | undefined {
  const from = line.serviceFrom ?? request.serviceFrom;
  if (from === undefined) return undefined;
  return { from, to: line.serviceTo ?? (line.serviceFrom ? line.serviceFrom : (request.serviceTo ?? from)) };
}

/** From the first to the last day of the whole claim; undefined when it names no day at all. */
export function periodOfRequest(request: PaymentRequest): Period | undefined {
  const { serviceFrom, serviceTo, lines } = request;
  let whole = serviceFrom && { from: serviceFrom, to: serviceTo ?? serviceFrom };
  for (const line of lines) whole = united(whole, periodOfLine(line, request));
  return whole;
}

function united(one: Period | undefined, other: Period | undefined): Period | undefined {
  if (!one || !other) return one ?? other;
  if (one.from <= other.from && one.to >= other.to) return one;
  return {
    from: other.from < one.from ? other.from : one.from,
    to: other.to > one.to ? other.to : one.to,
  };
}
