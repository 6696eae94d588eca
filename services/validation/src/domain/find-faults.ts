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
  const { faults } = request;
  const told = faults.length === 0 ? untold : toldBy(faults);
  let found: Finding[] | undefined;
  for (const rule of rules) {
    if (rule.toldBy?.some((code) => told.codes.has(code))) continue;
    for (const objection of rule.check(request, circumstances)) {
      if (objection.field !== undefined && told.fields.has(objection.field)) continue;
      (found ??= []).push({ ruleId: rule.id, ruleVersion: rule.version, ...objection });
    }
  }
  if (faults.length === 0) return found?.slice(0, findingsMax) ?? nothingFound;
  return [...faults.map(ofReading), ...(found ?? [])].slice(0, findingsMax);
}

const nothingFound: readonly Finding[] = [];

/** What reading has told already: codes of faults, and the fields that they are about. */
type Told = { readonly codes: ReadonlySet<string>; readonly fields: ReadonlySet<string | undefined> };

const untold: Told = { codes: new Set(), fields: new Set() };

const toldBy = (faults: PaymentRequest['faults']): Told => ({
  codes: new Set(faults.map(({ code }) => code)),
  fields: new Set(faults.map(({ field }) => field)),
});

const ofReading = ({ code, message, field }: PaymentRequest['faults'][number]): Finding => ({
  ruleId: `format.${code}`.slice(0, ruleIdLengthMax),
  ruleVersion: builtInVersion,
  message,
  ...(field === undefined ? {} : { field }),
});
