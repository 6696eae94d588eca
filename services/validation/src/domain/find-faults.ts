import { findingsMax, type Finding } from './finding.ts';
import type { PaymentRequest } from './payment-request.ts';
import type { Circumstances, Rule } from './rule.ts';
import { builtInVersion } from './rule-table.ts';

const ruleIdLengthMax = 60;

/** Everything that is wrong with a request, all at once: what could not be read first, then rule by rule. */
export function findFaults(
  request: PaymentRequest,
  circumstances: Circumstances,
  rules: readonly Rule[],
): readonly Finding[] {
  const toldCodes = new Set(request.faults.map(({ code }) => code));
  const toldFields = new Set(request.faults.map(({ field }) => field));
  const found = rules
    .filter((rule) => !rule.toldBy?.some((code) => toldCodes.has(code)))
    .flatMap((rule) =>
      rule
        .check(request, circumstances)
        .filter(({ field }) => field === undefined || !toldFields.has(field))
        .map((objection): Finding => ({ ruleId: rule.id, ruleVersion: rule.version, ...objection })),
    );
  return [...request.faults.map(ofReading), ...found].slice(0, findingsMax);
}

const ofReading = ({ code, message, field }: PaymentRequest['faults'][number]): Finding => ({
  ruleId: `format.${code}`.slice(0, ruleIdLengthMax),
  ruleVersion: builtInVersion,
  message,
  ...(field === undefined ? {} : { field }),
});
