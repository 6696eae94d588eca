import type { X12Code } from './problem.ts';
import { sniff } from './sniff.ts';

/** Why something that does not start with an ISA segment is no X12 file. */
export function refusalOf(firstBytes: Uint8Array): readonly [code: X12Code, message: string] {
  return refusals[sniff(firstBytes)] ?? notX12;
}

const notX12 = ['file.not-x12', 'The file is not X12: it must start with an ISA segment.'] as const;

const refusals: Readonly<Partial<Record<string, readonly [X12Code, string]>>> = {
  'utf-16': [
    'file.utf-16',
    'The file is written in UTF-16: save it as plain text (ASCII or UTF-8) and send it again.',
  ],
  zip: ['file.zip', 'The file is a zip archive: unpack it and send the X12 file inside.'],
  binary: ['file.binary', 'The file holds binary content: it is not a text file.'],
  json: ['file.not-x12', 'The file looks like JSON, not X12: it must start with an ISA segment.'],
  csv: ['file.not-x12', 'The file looks like CSV, not X12: it must start with an ISA segment.'],
};
