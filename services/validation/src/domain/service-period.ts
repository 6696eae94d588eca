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
  const own = request.serviceFrom
    ? [{ from: request.serviceFrom, to: request.serviceTo ?? request.serviceFrom }]
    : [];
  const periods = [...own, ...request.lines.flatMap((line) => periodOfLine(line, request) ?? [])];
  return periods.reduce<Period | undefined>(
    (whole, next) =>
      whole
        ? {
            from: next.from < whole.from ? next.from : whole.from,
            to: next.to > whole.to ? next.to : whole.to,
          }
        : next,
    undefined,
  );
}
