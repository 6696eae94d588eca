import { findingsMax, type Finding } from './finding.ts';
import type { PaymentRequest } from './payment-request.ts';
import type { Circumstances, Objection, Rule } from './rule.ts';
import { builtInVersion } from './rule-table.ts';

const ruleIdLengthMax = 60;

/** Everything that is wrong with a request, all at once: what could not be read first, then rule by rule. */
export function findFaults(
  request: PaymentRequest,
  circumstances: Circumstances,
  rules: readonly Rule[],
): readonly Finding[] {
  const { faults } = request;
  const told = faults.length === 0 ? untold : toldBy(faults);
  const found: Finding[] = faults.map(ofReading);
  for (const rule of rules) {
    if (rule.toldBy?.some((code) => told.codes.has(code))) continue;
    for (const objection of rule.check(request, circumstances)) {
      if (!told.fields.has(objection.field)) found.push(findingOf(rule, objection));
    }
  }
  return found.length > findingsMax ? found.slice(0, findingsMax) : found;
}

const findingOf = ({ id, version }: Rule, objection: Objection): Finding => ({
  ruleId: id,
  ruleVersion: version,
  ...objection,
});

/** What reading has told already: codes of faults, and the fields that they are about. */
type Told = { readonly codes: ReadonlySet<string>; readonly fields: ReadonlySet<string | undefined> };

const untold: Told = { codes: new Set(), fields: new Set() };

const toldBy = (faults: PaymentRequest['faults']): Told => ({
  codes: new Set(faults.map(({ code }) => code)),
  fields: new Set(faults.flatMap(({ field }) => field ?? [])),
});

const ofReading = ({ code, message, field }: PaymentRequest['faults'][number]): Finding => ({
  ruleId: `format.${code}`.slice(0, ruleIdLengthMax),
  ruleVersion: builtInVersion,
  message,
  ...(field === undefined ? {} : { field }),
});
