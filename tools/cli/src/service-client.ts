import type { ServiceName } from '@remitflow/kernel';
import { CliError, exitCodes } from './cli-error.ts';
import { serviceUrls } from './instance/instance.ts';

export type Answer<T> = { readonly status: number; readonly body: T };

/** Text, or a stream that is opened for each attempt and sent as it is read. */
export type Body = string | (() => ReadableStream);

type CallOptions = {
  readonly method?: string;
  readonly body?: Body;
  readonly headers?: Record<string, string>;
};

/** One call of a service; throws a CliError with the service's own code and sentence when it refuses. */
export async function call<T>(service: ServiceName, path: string, options: CallOptions = {}): Promise<T> {
  const { status, body } = await ask<T>(service, path, options);
  if (status < 400) return body;
  throw refusalOf(service, status, body);
}

export const post = <T>(service: ServiceName, path: string, body: object = {}): Promise<T> =>
  call<T>(service, path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

/** Like call, but an answer that refuses is an answer. */
export async function ask<T>(
  service: ServiceName,
  path: string,
  options: CallOptions = {},
): Promise<Answer<T>> {
  return answerOf<T>(await reach(service, path, options));
}

/** Asks one process, by its address; rejects when it does not answer. */
export const askAt = async <T>(url: string): Promise<Answer<T>> => answerOf<T>(await fetch(url));

async function answerOf<T>(response: Response): Promise<Answer<T>> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, body: (isJson && text ? JSON.parse(text) : text) as T };
}

/** The bare response, for bodies that are streamed; of the first process of the service that listens. */
export async function reach(
  service: ServiceName,
  path: string,
  options: CallOptions = {},
): Promise<Response> {
  const urls = serviceUrls(service);
  for (const [place, url] of urls.entries()) {
    try {
      return await send(`${url}${path}`, options);
    } catch (error) {
      if (!hasRefused(error) || place === urls.length - 1) break; // what it may have heard is not said again
    }
  }
  throw new CliError('not-reachable', `${service} does not answer at ${new URL(urls[0]).origin}.`, {
    nextAction: 'See `npx remitflow status`; start what is missing with `npx remitflow up --detach`.',
    exitCode: exitCodes.notRunning,
  });
}

function send(url: string, { body, ...options }: CallOptions): Promise<Response> {
  const streamed = typeof body === 'function';
  const sent = streamed ? { body: body(), duplex: 'half' } : { body };
  return fetch(url, { ...options, ...sent } as RequestInit);
}

/** Nobody listens there, so nothing was heard. */
const hasRefused = (error: unknown): boolean =>
  (error as { cause?: { code?: unknown } }).cause?.code === 'ECONNREFUSED';

export function refusalOf(service: ServiceName, status: number, body: unknown): CliError {
  const { code = `http.${status}`, message = `${service} answered ${status}.` } = (
    typeof body === 'object' && body ? body : {}
  ) as { code?: string; message?: string };
  return new CliError(code, message, status === 404 ? { nextAction: 'Check the id.' } : {});
}

/** Looks again and again until the condition holds; throws when nothing has changed for too long. */
export async function watch<T>(
  look: () => Promise<T>,
  until: { done: (seen: T) => boolean; on?: (seen: T) => void; what: string },
): Promise<T> {
  let last = '';
  let changedAt = Date.now();
  for (;;) {
    const seen = await unlessAway(look);
    if (seen !== undefined) until.on?.(seen);
    if (seen !== undefined && until.done(seen)) return seen;
    const now = JSON.stringify(seen) ?? last;
    if (now !== last) [last, changedAt] = [now, Date.now()];
    if (Date.now() - changedAt > standstillMs) {
      throw new CliError(
        'standstill',
        `Nothing has moved for ${standstillMs / 1000} s while waiting until ${until.what}.`,
        {
          nextAction: 'See `npx remitflow status` and `npx remitflow dead list`.',
        },
      );
    }
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

/** Undefined while a service restarts or cannot answer for the moment: what we wait for goes on all the same. */
async function unlessAway<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (
      error instanceof CliError &&
      ['not-reachable', 'http.503', 'database.unavailable'].includes(error.code)
    )
      return undefined;
    throw error;
  }
}

const lookEveryMs = 100;
const standstillMs = 120_000;
