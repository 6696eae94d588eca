import { plainDate } from '@remitflow/kernel';
import { nothingWrong, objectIf, objectToLines, type Rule } from '../rule.ts';
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
      objectToLines(
        request,
        ({ procedure, revenueCode }) => !procedure && !revenueCode,
        ({ lineNumber }, field) => ({
          field: `${field}.procedure`,
          message: `Line ${lineNumber} has neither a procedure code nor a revenue code.`,
        }),
      ),
  },
  {
    ...first,
    id: 'line.units',
    toldBy: ['line.units'],
    check: (request) =>
      objectToLines(
        request,
        ({ units }) => parseUnits(units) === undefined,
        ({ lineNumber }, field) => ({
          field: `${field}.units`,
          message: `The units of line ${lineNumber} must be a number above zero with at most four decimals.`,
        }),
      ),
  },
  {
    ...first,
    id: 'line.control-repeated',
    check: (request) => {
      if (request.lines.length < 2) return nothingWrong;
      const seen = new Set<string>();
      return objectToLines(
        request,
        ({ lineControl }) => lineControl !== undefined && seen.size === seen.add(lineControl).size,
        ({ lineNumber }, field) => ({
          field: `${field}.lineControl`,
          message: `Line ${lineNumber} repeats the line control number (REF*6R) of an earlier line.`,
        }),
      );
    },
  },
];
