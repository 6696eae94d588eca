import { ok, refuse, type Result } from '@remitflow/kernel';
import type { Sniffed } from '@remitflow/x12';

export type Format = 'x12' | 'csv' | 'json';

export type Refusal = { readonly code: string; readonly message: string };

/** What a file is: what its first bytes look like, when its declared content type says the same or nothing. */
export function formatOf(sniffed: Sniffed, contentType: string | undefined): Result<Format, Refusal> {
  const declared = declaredFormat(contentType);
  if (sniffed === 'empty') return refuse({ code: 'submission.empty', message: 'The file is empty.' });
  if (declared === 'unknown') {
    return refuse({
      code: 'submission.media-type',
      message: 'Send application/edi-x12, text/csv, application/json or application/octet-stream.',
    });
  }
  if (sniffed !== 'x12' && sniffed !== 'csv' && sniffed !== 'json') {
    return refuse({ code: `submission.${sniffed}`, message: unreadable[sniffed] });
  }
  if (declared === 'any' || declared === sniffed) return ok(sniffed);
  return refuse({
    code: 'submission.type-mismatch',
    message: `The file is declared as ${names[declared]} but looks like ${names[sniffed]}.`,
  });
}

function declaredFormat(contentType: string | undefined): Format | 'any' | 'unknown' {
  const type = contentType?.split(';')[0]!.trim().toLowerCase() ?? '';
  return mediaTypes[type] ?? 'unknown';
}

const mediaTypes: Readonly<Record<string, Format | 'any'>> = {
  '': 'any',
  'application/octet-stream': 'any',
  'application/x-www-form-urlencoded': 'any', // what curl says of --data-binary when it is told nothing
  'text/plain': 'any',
  'application/edi-x12': 'x12',
  'application/x12': 'x12',
  'text/csv': 'csv',
  'application/csv': 'csv',
  'application/json': 'json',
};

const names: Readonly<Record<Format, string>> = { x12: 'X12', csv: 'CSV', json: 'JSON' };

const unreadable: Readonly<Record<Exclude<Sniffed, Format | 'empty'>, string>> = {
  'utf-16': 'The file is written in UTF-16: save it as plain text (ASCII or UTF-8) and send it again.',
  zip: 'The file is a zip archive: unpack it and send the file inside.',
  binary: 'The file holds binary content: it is not a text file.',
  text: 'The file is neither X12 (it would start with ISA), nor CSV with a header row, nor a JSON array.',
};
