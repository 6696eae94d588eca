import { plainDate } from '@remitflow/kernel';
import type { PaymentRequest, ServiceLine } from '../payment-request.ts';
import { objectIf, type Objection, type Rule } from '../rule.ts';
import { parseUnits } from '../units.ts';

const first = { version: '1', effectiveFrom: plainDate('2000-01-01') } as const;

export const lineRules: readonly Rule[] = [
  {
    ...first,
    id: 'claim.lines-missing',
    toldBy: ['claim.lines-missing'],
    check: ({ lines }) => objectIf(lines.length === 0, 'lines', 'The claim has no service lines.'),
  },
  {
    ...first,
    id: 'line.procedure-missing',
    toldBy: ['line.procedure', 'line.revenue-code', 'line.service-missing'],
    check: (request) =>
      eachLine(request, (line, field) =>
        objectIf(
          !line.procedure && !line.revenueCode,
          `${field}.procedure`,
          `Line ${line.lineNumber} has neither a procedure code nor a revenue code.`,
        ),
      ),
  },
  {
    ...first,
    id: 'line.units',
    toldBy: ['line.units'],
    check: (request) =>
      eachLine(request, (line, field) =>
        objectIf(
          parseUnits(line.units) === undefined,
          `${field}.units`,
          `The units of line ${line.lineNumber} must be a number above zero with at most four decimals.`,
        ),
      ),
  },
  {
    ...first,
    id: 'line.control-repeated',
    check: (request) => {
      const seen = new Set<string>();
      return eachLine(request, ({ lineNumber, lineControl }, field) => {
        if (lineControl === undefined) return [];
        const isRepeated = seen.has(lineControl);
        seen.add(lineControl);
        return objectIf(
          isRepeated,
          `${field}.lineControl`,
          `Line ${lineNumber} repeats the line control number (REF*6R) of an earlier line.`,
        );
      });
    },
  },
];

const eachLine = (
  { lines }: PaymentRequest,
  check: (line: ServiceLine, field: string) => readonly Objection[],
): readonly Objection[] => lines.flatMap((line, place) => check(line, `lines.${place}`));
