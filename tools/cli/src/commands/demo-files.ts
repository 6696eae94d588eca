import { exitCodes } from '../cli-error.ts';
import { demoPayees } from '../demo/demo-payees.ts';
import { saveDemoClaims, saveDemoPayees } from '../demo/demo-files.ts';
import type { Output } from '../output.ts';

export async function writeClaimFile(
  file: string,
  batch: { claims: number; run: number },
  output: Output,
): Promise<number> {
  await saveDemoClaims(file, batch);
  output.result({ file, ...batch }, () => output.line(`${batch.claims} claims in ${file}`));
  return exitCodes.ok;
}

export async function writePayeeFile(file: string, output: Output): Promise<number> {
  saveDemoPayees(file);
  output.result({ file, payees: demoPayees.length }, () =>
    output.line(`${demoPayees.length} payees in ${file}`),
  );
  return exitCodes.ok;
}
