import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ServiceName } from '@remitflow/kernel';
import { exitCodes } from '../cli-error.ts';
import { describeOutcome, findLetter, writeLetter, type ListedLetter } from '../messages/letters.ts';
import { gather, operator, warnOfSilence, type OneService } from '../messages/services.ts';
import { reasonOf } from '../messages/question.ts';
import type { Output } from '../output.ts';
import { post, reach, refusalOf } from '../service-client.ts';

export type LetterQuery = OneService & {
  readonly group?: string;
  readonly fact?: string;
  readonly state?: string;
  readonly text?: string;
  readonly limit?: number;
};

export type Group = {
  readonly group: string;
  readonly errorCode: string;
  readonly errorText: string;
  readonly facts: readonly string[];
  readonly letters: number;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly releases: readonly string[] | null;
};

export const queryOf = ({ group, fact, state, text, limit }: LetterQuery): string => {
  const wanted = Object.entries({ group, fact, state, text, limit }).filter(
    ([, value]) => value !== undefined,
  );
  return new URLSearchParams(
    wanted.map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
};

export async function groupDead(query: LetterQuery, output: Output): Promise<number> {
  const gathered = await gather<Group[]>(query, `/ops/dead-letters/groups?${queryOf(query)}`);
  const groups = gathered.answers
    .flatMap(({ service, body }) => body.map((group) => ({ service, ...group })))
    .sort((one, other) => other.letters - one.letters);
  output.result(groups, () => {
    if (groups.length === 0) return output.line('No dead letters.');
    output.table(
      ['letters', 'service', 'group', 'cause', 'facts', 'first seen', 'last seen', 'releases'],
      groups.map((one) => [
        one.letters,
        one.service,
        one.group,
        one.errorCode,
        one.facts.join(' '),
        toSecond(one.firstSeenAt),
        toSecond(one.lastSeenAt),
        (one.releases ?? []).join(' '),
      ]),
    );
  });
  return warnOfSilence(gathered, output);
}

export async function listDead(query: LetterQuery, output: Output): Promise<number> {
  const gathered = await gather<ListedLetter[]>(query, `/ops/dead-letters?${queryOf(query)}`);
  const letters = gathered.answers
    .flatMap(({ service, body }) => body.map((letter) => ({ ...letter, service })))
    .sort((one, other) => other.parkedAt.localeCompare(one.parkedAt));
  output.result(letters, () => {
    if (letters.length === 0) return output.line('No dead letters.');
    output.table(
      ['dead letter', 'service', 'fact', 'cause', 'tries', 'state', 'outcome', 'parked at'],
      letters.map((one) => [
        one.deadLetterId,
        one.service,
        one.factName,
        one.errorCode,
        one.attempts,
        one.state,
        describeOutcome(one.outcome),
        toSecond(one.parkedAt),
      ]),
    );
    for (const { service, body } of gathered.answers)
      if (body.length === query.limit) output.line(`\n${service} has more: --limit, or \`dead groups\`.`);
  });
  return warnOfSilence(gathered, output);
}

export async function showDead(id: string, options: OneService, output: Output): Promise<number> {
  const { service, body } = await findLetter(id, options);
  output.result({ service, ...body }, () => writeLetter(service, body, output));
  return exitCodes.ok;
}

export type DiscardOptions = OneService & { readonly by?: string; readonly reason?: string };

export async function discardDead(id: string, options: DiscardOptions, output: Output): Promise<number> {
  const { service } = await findLetter(id, options);
  const act = { by: operator(options.by), reason: await reasonOf(options.reason) };
  const result = await post<object>(service, `/ops/dead-letters/${id}/discard`, act);
  output.result({ ...result, service }, () => output.line(`${service} never processes ${id}; it is kept.`));
  return exitCodes.ok;
}

export type ExportOptions = LetterQuery & {
  readonly service: ServiceName;
  readonly as: 'csv' | 'json';
  readonly out?: string;
};

/** Written as it comes; personal fields are masked by the service. */
export async function exportDead({ as, out, ...query }: ExportOptions, output: Output): Promise<number> {
  const { service } = query;
  const response = await reach(service, `/ops/dead-letters/export?format=${as}&${queryOf(query)}`);
  if (!response.ok || !response.body) throw refusalOf(service, response.status, await response.json());
  const source = Readable.fromWeb(response.body as import('node:stream/web').ReadableStream);
  if (!out) {
    for await (const chunk of source) process.stdout.write(chunk as Uint8Array);
    return exitCodes.ok;
  }
  await pipeline(source, createWriteStream(out, { mode: 0o600 }));
  output.result({ file: out }, () => output.line(out));
  return exitCodes.ok;
}

const toSecond = (instant: string): string => instant.replace(/\.\d+Z$/, 'Z');
