import { existsSync, statSync } from 'node:fs';
import { CliError, exitCodes } from '../cli-error.ts';
import type { Output } from '../output.ts';
import { readAsSent } from '../streamed-request.ts';
import { ask, refusalOf } from '../service-client.ts';

export type ImportResult = {
  readonly imported: number;
  readonly refused: readonly { readonly line: number; readonly code: string; readonly message: string }[];
};

/** Throws with exit code 3 when the file as a whole cannot be used; refused rows are in the result. */
export async function importPayeeFile(file: string): Promise<ImportResult> {
  const { status, body } = await ask<ImportResult>('validation', '/payees/import', {
    method: 'POST',
    body: () => readAsSent(file),
    headers: { 'content-type': 'text/csv' },
  });
  if (status < 400) return body;
  const { code, message } = refusalOf('validation', status, body);
  throw new CliError(code, message, { exitCode: status < 500 ? exitCodes.fileFailed : exitCodes.failed });
}

export async function importPayees(file: string, output: Output): Promise<number> {
  if (!existsSync(file) || !statSync(file).isFile())
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
