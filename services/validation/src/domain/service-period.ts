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
  let from = request.serviceFrom;
  let to = from === undefined ? undefined : (request.serviceTo ?? from);
  for (const line of request.lines) {
    const period = periodOfLine(line, request);
    if (period === undefined) continue;
    if (from === undefined || period.from < from) from = period.from;
    if (to === undefined || period.to > to) to = period.to;
  }
  return from === undefined ? undefined : { from, to: to! };
}
