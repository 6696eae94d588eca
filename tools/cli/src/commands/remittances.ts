import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exitCodes } from '../cli-error.ts';
import { dollars, type Output } from '../output.ts';
import { call, reach, refusalOf } from '../service-client.ts';

type RemittanceRow = {
  remittanceId: string;
  kind: string;
  trnReference: string;
  amountCents?: number;
  paidCents?: number;
  fileName: string;
};

export async function listRemittances(
  query: { cycle?: string; kind?: string },
  output: Output,
): Promise<number> {
  const parameters = new URLSearchParams();
  if (query.cycle) parameters.set('cycleId', query.cycle);
  if (query.kind) parameters.set('kind', query.kind);
  const rows = await call<RemittanceRow[]>('remittance', `/remittances?${parameters}`);
  output.result(rows, () => {
    if (rows.length === 0) return output.line('No remittances yet.');
    output.table(
      ['remittance', 'kind', 'TRN02', 'amount', 'file'],
      rows.map((row) => [
        row.remittanceId,
        row.kind,
        row.trnReference,
        dollars(row.amountCents ?? row.paidCents ?? 0),
        row.fileName,
      ]),
    );
  });
  return exitCodes.ok;
}

export type GetOptions = { readonly as: '835' | 'csv' | 'json'; readonly out?: string };

/** Writes a remittance as 835, CSV or JSON to a file, or to standard output. */
export async function getRemittance(
  remittanceId: string,
  options: GetOptions,
  output: Output,
): Promise<number> {
  const id = encodeURIComponent(remittanceId);
  const response = await reach(
    'remittance',
    `/remittances/${id}${options.as === 'json' ? '' : `/${options.as}`}`,
  );
  if (!response.ok || !response.body) throw refusalOf('remittance', response.status, await response.json());
  const source = Readable.fromWeb(response.body as import('node:stream/web').ReadableStream);
  if (!options.out && !output.json) {
    for await (const chunk of source) process.stdout.write(chunk as Uint8Array);
    return exitCodes.ok;
  }
  const file = options.out ?? `${remittanceId}.${options.as}`;
  await pipeline(source, createWriteStream(file));
  output.result({ remittanceId, file }, () => output.line(file));
  return exitCodes.ok;
}
