/** What a problem costs: nothing, one claim, one transaction set (ST to SE), or the whole file. */
export type Severity = 'warn' | 'reject-claim' | 'reject-transaction' | 'reject-file';

/** Where in the file: the byte is counted from 0, the segment from 1, elements and components from 1. */
export type Location = {
  readonly byteOffset: number;
  readonly segment?: string;
  readonly ordinal?: number;
  readonly element?: number;
  readonly component?: number;
  /** The loop in the words of the implementation guide, such as `2010AA`. */
  readonly loop?: string;
};

/** One thing wrong at one place. `message` is a sentence for a biller; it never repeats personal values. */
export type X12Problem = Location & {
  readonly code: X12Code;
  readonly severity: Severity;
  readonly message: string;
};

export type Severities = Readonly<Partial<Record<X12Code, Severity>>>;

/** Every check by its code, with what it costs unless the caller says otherwise. */
export const checks = {
  'file.empty': 'reject-file',
  'file.utf-16': 'reject-file',
  'file.zip': 'reject-file',
  'file.binary': 'reject-file',
  'file.not-x12': 'reject-file',
  'file.premature-end': 'reject-file',
  'file.trailing-junk': 'reject-file',
  'segment.too-long': 'reject-file',
  'element.too-long': 'reject-file',
  'segment.empty': 'warn',
  'segment.unknown': 'warn',
  'segment.misplaced': 'reject-file',
  'interchange.header-width': 'reject-file',
  'interchange.delimiters': 'reject-file',
  'interchange.control-number': 'reject-file',
  'interchange.control-number-repeated': 'reject-file',
  'interchange.group-count': 'reject-file',
  'interchange.receiver': 'reject-file',
  'group.control-number': 'reject-file',
  'group.transaction-count': 'reject-file',
  'transaction.control-number': 'reject-file',
  'transaction.control-number-repeated': 'warn',
  'transaction.segment-count': 'reject-file',
  'transaction.version': 'reject-file',
  'transaction.type': 'reject-file',
  'transaction.implementation': 'reject-file',
  'transaction.no-claims': 'warn',
  'transaction.too-large': 'reject-transaction',
  'hierarchy.level': 'warn',
  'hierarchy.parent': 'reject-claim',
  'hierarchy.claim-outside': 'reject-claim',
  'billing-provider.missing': 'reject-claim',
  'billing-provider.npi-missing': 'reject-claim',
  'billing-provider.tax-id-missing': 'reject-claim',
  'subscriber.missing': 'reject-claim',
  'subscriber.member-id-missing': 'reject-claim',
  'patient.missing': 'reject-claim',
  'payer.missing': 'warn',
  'person.birth-date': 'warn',
  'claim.id-missing': 'reject-claim',
  'claim.id-length': 'reject-claim',
  'claim.charge': 'reject-claim',
  'claim.facility': 'reject-claim',
  'claim.frequency': 'reject-claim',
  'claim.original-reference': 'reject-claim',
  'claim.date': 'reject-claim',
  'claim.diagnosis': 'reject-claim',
  'claim.lines-missing': 'reject-claim',
  'claim.lines-advised': 'warn',
  'claim.lines-max': 'reject-claim',
  'claim.truncated': 'reject-claim',
  'line.number': 'warn',
  'line.service-missing': 'reject-claim',
  'line.service-repeated': 'reject-claim',
  'line.procedure': 'reject-claim',
  'line.revenue-code': 'reject-claim',
  'line.charge': 'reject-claim',
  'line.units': 'reject-claim',
  'line.date': 'reject-claim',
  'line.date-missing': 'reject-claim',
  'remittance.amount': 'warn',
  'remittance.date': 'warn',
} as const satisfies Record<string, Severity>;

export type X12Code = keyof typeof checks;

/** Public samples and many trading partners count wrongly: with these, a wrong count or control number is only noted. */
export const tolerantSeverities: Severities = {
  'file.trailing-junk': 'warn',
  'interchange.control-number': 'warn',
  'interchange.control-number-repeated': 'warn',
  'interchange.group-count': 'warn',
  'group.control-number': 'warn',
  'group.transaction-count': 'warn',
  'transaction.control-number': 'warn',
  'transaction.segment-count': 'warn',
  'transaction.version': 'warn',
};

export function problem(
  code: X12Code,
  location: Location,
  text: { readonly message: string; readonly severities?: Severities },
): X12Problem {
  return { ...location, code, severity: text.severities?.[code] ?? checks[code], message: text.message };
}
