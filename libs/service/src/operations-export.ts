import type { LetterRow } from '@remitflow/messaging';

type Exported = LetterRow & { readonly body: unknown };

const columns = [
  'deadLetterId',
  'messageId',
  'factName',
  'subject',
  'correlationId',
  'state',
  'errorCode',
  'errorText',
  'fingerprint',
  'release',
  'parkedAt',
  'redrivenAt',
] as const;

/** RFC 4180, a line a dead letter; without bodies. */
export async function* asCsv(letters: AsyncIterable<Exported>): AsyncGenerator<string> {
  yield `${[...columns, 'attempts'].join(',')}\r\n`;
  for await (const letter of letters) {
    const cells = columns.map((column) => cell(String(letter[column] ?? '')));
    yield `${[...cells, letter.attempts.length].join(',')}\r\n`;
  }
}

/** One JSON array, written as it is read. */
export async function* asJson(letters: AsyncIterable<Exported>): AsyncGenerator<string> {
  let before = '[';
  for await (const letter of letters) {
    yield `${before}\n${JSON.stringify(letter)}`;
    before = ',';
  }
  yield before === '[' ? '[]\n' : '\n]\n';
}

/** Quoted where it must be; what a spreadsheet would take for a formula is made text. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
