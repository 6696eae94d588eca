import type { PlacedField } from './record-layout.ts';

export type Severity = 'error' | 'warn';

/** Where a record begins: counted from 1, except the byte offset, which counts from 0. */
export type Place = { readonly record: number; readonly line: number; readonly byteOffset: number };

export type AchProblem = Place & {
  readonly code: AchProblemCode;
  readonly severity: Severity;
  /** A sentence without account numbers or names. */
  readonly message: string;
  readonly field?: string;
  /** First and last column, counted from 1. */
  readonly columns?: readonly [from: number, to: number];
};

/** What is looked at, how bad it is unless the reader is told otherwise, and what to say. */
export const achChecks = {
  'file-empty': ['error', 'The file holds no records.'],
  'not-text': ['error', 'The file is not ASCII text; it looks like UTF-16 or a binary file.'],
  'record-too-long': ['error', 'The record is longer than 94 characters.'],
  'record-too-short': [
    'error',
    'The record is cut short: fewer than 94 characters, and not for want of blanks.',
  ],
  'record-trimmed': ['warn', 'The blanks at the end of the record have been trimmed.'],
  'blank-line': ['warn', 'A blank line stands between the records.'],
  'unknown-record-type': ['error', 'A record begins with 1, 5, 6, 7, 8 or 9; this one does not.'],
  'record-order': ['error', 'This record may not stand here.'],
  'missing-file-header': ['error', 'The file does not begin with a file header (record 1).'],
  'missing-batch-control': ['error', 'The batch before this place has no batch control (record 8).'],
  'missing-file-control': ['error', 'The file does not end with a file control (record 9).'],
  'field-format': ['error', 'The field holds characters that can not stand there.'],
  'file-constant': ['error', 'A field of the file header that is always the same has another value.'],
  'immediate-destination': ['error', 'The immediate destination is not a valid routing number.'],
  'immediate-origin': [
    'error',
    'The immediate origin is neither a blank and nine digits nor a ten-character id.',
  ],
  'creation-date': ['error', 'The creation date is not a day of the calendar.'],
  'creation-time': ['error', 'The creation time is not a time of day.'],
  'file-id-modifier': ['error', 'The file id modifier is not one of A–Z or 0–9.'],
  'service-class': ['error', 'The service class is not one of 200, 220, 225 or 280.'],
  'company-name': ['error', 'The company name is empty.'],
  'company-id': ['error', 'The company id is empty.'],
  'sec-code': ['error', 'The standard entry class is not one that Nacha knows.'],
  'adv-not-read': ['error', 'Accounting advices (ADV) are not read by this reader.'],
  'entry-description': ['error', 'The company entry description is empty.'],
  'effective-date': ['error', 'The effective entry date is not a day of the calendar.'],
  'effective-date-missing': ['warn', 'The batch has no effective entry date.'],
  'originator-status': ['warn', 'The originator status is not 0, 1 or 2.'],
  'batch-number-not-ascending': ['warn', 'The batch number does not follow that of the batch before.'],
  'empty-batch': ['error', 'The batch has no entries.'],
  'transaction-code': ['error', 'The transaction code is not one that Nacha knows.'],
  'service-class-mismatch': [
    'error',
    'The entry is on a side that the service class of its batch does not allow.',
  ],
  'receiving-bank': ['error', 'The routing number of the receiving bank is not valid.'],
  'account-number': ['error', 'The account number is empty.'],
  'amount-zero': ['error', 'A live entry has no amount.'],
  'amount-not-zero': ['error', 'A prenote, notice or zero-dollar entry has an amount.'],
  'receiver-name': ['warn', 'The name of the receiver is empty.'],
  'addenda-indicator': ['error', 'The addenda indicator does not agree with the addenda that follow.'],
  'addenda-count': [
    'error',
    'The entry has another number of addenda than its class or its own count allows.',
  ],
  'addenda-sequence': ['error', 'The addenda are not numbered from 1 upwards.'],
  'addenda-entry': ['error', 'The addenda names another entry than the one it follows.'],
  'addenda-type': ['warn', 'The addenda type is not one that Nacha knows; it is kept as it stands.'],
  'return-code': ['warn', 'The return code is not known; the return goes to a person.'],
  'change-code': ['warn', 'The change code is not known; the notice goes to a person.'],
  'trace-bank': ['error', 'The trace number does not begin with the bank of its batch.'],
  'trace-not-ascending': ['error', 'The trace number is not higher than the one before.'],
  'duplicate-trace': ['error', 'The trace number has been used before in this batch.'],
  'batch-header-mismatch': ['error', 'The batch control names another batch than its header.'],
  'batch-entry-count': ['error', 'The batch control counts other entries and addenda than there are.'],
  'batch-entry-hash': ['error', 'The entry hash of the batch control is wrong.'],
  'batch-debits': ['error', 'The debits of the batch do not add up to its control.'],
  'batch-credits': ['error', 'The credits of the batch do not add up to its control.'],
  'file-batch-count': ['error', 'The file control counts other batches than there are.'],
  'file-block-count': ['error', 'The file control counts other blocks of ten records than there are.'],
  'file-entry-count': ['error', 'The file control counts other entries and addenda than there are.'],
  'file-entry-hash': ['error', 'The entry hash of the file control is wrong.'],
  'file-debits': ['error', 'The debits of the file do not add up to its control.'],
  'file-credits': ['error', 'The credits of the file do not add up to its control.'],
  'file-not-blocked': ['warn', 'The last block is not filled to ten records.'],
} as const satisfies Readonly<Record<string, readonly [Severity, string]>>;

export type AchProblemCode = keyof typeof achChecks;

/** How bad each problem is taken; what is not named keeps the severity of {@link achChecks}. */
export type Severities = Readonly<Partial<Record<AchProblemCode, Severity | 'off'>>>;

/** For what banks really send back: files without their header or controls are read all the same. */
export const lenient: Severities = {
  'missing-file-header': 'warn',
  'missing-batch-control': 'warn',
  'missing-file-control': 'warn',
  'immediate-origin': 'warn',
  'record-too-short': 'warn',
  'trace-not-ascending': 'warn',
};

/** For a bank that takes nothing but the rulebook's own form. */
export const strictest: Severities = {
  'record-trimmed': 'error',
  'blank-line': 'error',
  'file-not-blocked': 'error',
  'effective-date-missing': 'error',
  'batch-number-not-ascending': 'error',
};

/** A problem before it is placed. */
export type Finding = {
  readonly code: AchProblemCode;
  readonly field?: PlacedField;
  readonly detail?: string;
};

/** The problem at its place, or undefined where the severities switch it off. */
export function placedProblem(
  finding: Finding,
  place: Place,
  severities: Severities,
): AchProblem | undefined {
  const { code, field, detail } = finding;
  const [usual, sentence] = achChecks[code];
  const severity = severities[code] ?? usual;
  if (severity === 'off') return undefined;
  return {
    code,
    severity,
    message: detail === undefined ? sentence : `${sentence} ${detail}`,
    ...place,
    ...(field && { field: field.name, columns: [field.from, field.to] as const }),
  };
}
