import type { PlainDate } from '@remitflow/kernel';
import type { Rule } from './rule.ts';
import { amountRules } from './rules/amount-rules.ts';
import { claimRules } from './rules/claim-rules.ts';
import { dateRules } from './rules/date-rules.ts';
import { lineRules } from './rules/line-rules.ts';
import { payeeRules } from './rules/payee-rules.ts';

/** The version of the whole table, kept with every decision; a new one for every change of any rule. */
export const rulesVersion = '2026.11.2';

/** The version of what is found by other means than a row of the table: reading, duplicates, review limits. */
export const builtInVersion = '1';

/** Every rule that was ever in force; a request is told of them in this order. */
export const ruleTable: readonly Rule[] = [
  ...claimRules,
  ...payeeRules,
  ...amountRules,
  ...lineRules,
  ...dateRules,
];

/** The rules of one day. */
export function rulesInForce(day: PlainDate): readonly Rule[] {
  if (inForce.day !== day) {
    const rules = ruleTable.filter(
      ({ effectiveFrom, effectiveTo }) =>
        effectiveFrom <= day && (effectiveTo === undefined || day <= effectiveTo),
    );
    inForce = { day, rules };
  }
  return inForce.rules;
}

/** Asked for with every claim, and the same for all claims of a day. */
let inForce: { readonly day: string; readonly rules: readonly Rule[] } = { day: '', rules: [] };
