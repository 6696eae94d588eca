import { createReadStream, existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { CliError, exitCodes } from '../cli-error.ts';
import type { Output } from '../output.ts';
import { call } from '../service-client.ts';

export type ImportResult = {
  readonly imported: number;
  readonly refused: readonly { readonly line: number; readonly code: string; readonly message: string }[];
};

export const importPayeeFile = (file: string): Promise<ImportResult> =>
  call<ImportResult>('validation', '/payees/import', {
    method: 'POST',
    body: Readable.toWeb(createReadStream(file)) as ReadableStream,
    headers: { 'content-type': 'text/csv' },
  });

export async function importPayees(file: string, output: Output): Promise<number> {
  if (!existsSync(file))
    throw new CliError('file-missing', `There is no file ${file}.`, { exitCode: exitCodes.usage });
  const result = await importPayeeFile(file);
  output.result(result, () => {
    output.line(`${result.imported} payees imported, ${result.refused.length} rows refused.`);
    for (const row of result.refused.slice(0, refusalsShownMax))
      output.line(`  line ${row.line}: ${row.message} [${row.code}]`);
    if (result.refused.length > refusalsShownMax)
      output.line(`  … and ${result.refused.length - refusalsShownMax} more`);
  });
  return result.refused.length === 0 ? exitCodes.ok : exitCodes.failed;
}

const refusalsShownMax = 20;
