import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exitCodes } from '../cli-error.ts';
import { allServices } from '../instance/instance.ts';
import type { Output } from '../output.ts';
import { statePaths } from '../project.ts';
import { call, reach, refusalOf, watch } from '../service-client.ts';

export type Verification = {
  readonly verified: boolean;
  readonly events: number;
  readonly problems: readonly {
    readonly stream: string;
    readonly sequence: number;
    readonly kind: string;
    readonly message: string;
  }[];
};

export const verifyChain = (): Promise<Verification> => call<Verification>('audit', '/verify');

export async function verifyAudit(output: Output): Promise<number> {
  const result = await verifyChain();
  output.result(result, () => {
    output.line(
      result.verified
        ? `audit chain verified, ${result.events} events`
        : `THE AUDIT CHAIN IS BROKEN (${result.events} events)`,
    );
    for (const one of result.problems)
      output.line(`  ${one.kind}: ${one.message} (stream ${one.stream}, sequence ${one.sequence})`);
  });
  return result.verified ? exitCodes.ok : exitCodes.failed;
}

export async function exportAudit(options: { out?: string }, output: Output): Promise<number> {
  const response = await reach('audit', '/export');
  if (!response.ok || !response.body) throw refusalOf('audit', response.status, await response.text());
  const source = Readable.fromWeb(response.body as import('node:stream/web').ReadableStream);
  if (!options.out && !output.json) {
    for await (const chunk of source) process.stdout.write(chunk as Uint8Array);
    return exitCodes.ok;
  }
  const file = options.out ?? join(statePaths().state, 'files', 'audit.ndjson');
  await pipeline(source, createWriteStream(file));
  output.result({ file }, () => output.line(file));
  return exitCodes.ok;
}

/** Waits until the audit trail holds every fact that any service has said, and gives how many there are. */
export async function untilAuditComplete(): Promise<number> {
  const seen = await watch(async () => ({ said: await factsSaid(), heard: await factsHeard() }), {
    what: 'the audit trail holds every fact',
    done: ({ said, heard }) => heard >= said,
  });
  return seen.heard;
}

const factsHeard = async (): Promise<number> => (await call<{ events: number }>('audit', '/summary')).events;

async function factsSaid(): Promise<number> {
  const counts = await Promise.all(
    allServices.map(
      async (service) => (await call<{ outbox: { said: number } }>(service, '/ops/messaging')).outbox.said,
    ),
  );
  return counts.reduce((sum, said) => sum + said, 0);
}
