import type { ServiceName } from '@remitflow/kernel';
import { CliError, exitCodes } from '../cli-error.ts';
import { reasonOf } from '../messages/question.ts';
import { gather, operator, warnOfSilence, type OneService } from '../messages/services.ts';
import type { Output } from '../output.ts';
import { post } from '../service-client.ts';

type Retry = {
  readonly messageId: string;
  readonly factName: string;
  readonly subject: string;
  readonly attempts: number;
  readonly lastError: { readonly code: string; readonly text: string } | null;
  readonly dueAt: string;
  readonly isBegun: boolean;
};

export type RetryOptions = OneService & { readonly by?: string; readonly reason?: string };

export async function listRetries(options: OneService, output: Output): Promise<number> {
  const gathered = await gather<Retry[]>(options, '/ops/retries?limit=1000');
  const retries = gathered.answers
    .flatMap(({ service, body }) => body.map((retry) => ({ ...retry, service })))
    .sort((one, other) => one.dueAt.localeCompare(other.dueAt));
  output.result(retries, () => {
    if (retries.length === 0) return output.line('Nothing waits for another try.');
    output.table(
      ['message', 'service', 'fact', 'about', 'tries', 'last error', 'due'],
      retries.map((one) => [
        one.messageId,
        one.service,
        one.factName,
        one.subject,
        one.attempts,
        one.lastError?.code ?? '',
        one.isBegun ? 'being tried' : one.dueAt.replace(/\.\d+Z$/, 'Z'),
      ]),
    );
  });
  return warnOfSilence(gathered, output);
}

export async function runRetry(id: string, options: RetryOptions, output: Output): Promise<number> {
  const service = await ownerOf(id, options);
  const result = await post<object>(service, `/ops/retries/${id}/run`, { by: operator(options.by) });
  output.result({ ...result, service }, () => output.line(`${service} tries ${id} now.`));
  return exitCodes.ok;
}

export async function cancelRetry(id: string, options: RetryOptions, output: Output): Promise<number> {
  const service = await ownerOf(id, options);
  const act = { by: operator(options.by), reason: await reasonOf(options.reason) };
  const result = await post<{ deadLetterId: string }>(service, `/ops/retries/${id}/cancel`, act);
  output.result({ ...result, service }, () =>
    output.line(`No more tries; it is parked as dead letter ${result.deadLetterId}.`),
  );
  return exitCodes.ok;
}

async function ownerOf(id: string, options: OneService): Promise<ServiceName> {
  const { answers } = await gather<Retry[]>(options, '/ops/retries?limit=1000');
  const owner = answers.find(({ body }) => body.some(({ messageId }) => messageId === id.toLowerCase()));
  if (owner) return owner.service;
  if (options.service) return options.service; // beyond what a list shows, it may know it all the same
  throw new CliError('retry-unknown', `Nothing of the id ${id} waits for another try.`, {
    nextAction: 'List them with `npx remitflow retries list`; with thousands of them, name the --service.',
  });
}
