import type { Readable } from 'node:stream';
import type { ServiceName } from '@remitflow/kernel';
import { CliError, exitCodes } from './cli-error.ts';
import { serviceProcesses } from './instance/instance.ts';
import { sendStreamed } from './streamed-request.ts';

export type Answer<T> = { readonly status: number; readonly body: T };

/** Text, or a stream that is opened for each attempt and sent as it is read. */
export type Body = string | (() => Readable);

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
export const askAt = async <T>(url: string, timeoutMs = 10_000): Promise<Answer<T>> =>
  answerOf<T>(await fetch(url, { signal: AbortSignal.timeout(timeoutMs) }));

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
  const urls = serviceProcesses(service).map(({ url }) => url);
  for (const url of urls) {
    try {
      return await send(`${url}${path}`, options);
    } catch (error) {
      if (!hasRefused(error)) break; // what it may have heard is not said again
    }
  }
  const places = urls.map((url) => new URL(url).origin).join(', ');
  throw new CliError('not-reachable', `${service} does not answer at ${places}.`, {
    nextAction: 'See `npx remitflow status`; start what is missing with `npx remitflow up --detach`.',
    exitCode: exitCodes.notRunning,
  });
}

function send(url: string, { body, ...options }: CallOptions): Promise<Response> {
  if (typeof body === 'function') return sendStreamed(url, { ...options, body });
  return fetch(url, { ...options, ...(body === undefined ? {} : { body }) });
}

/** Nobody listens there, so nothing was heard. */
const hasRefused = (error: unknown): boolean => {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  return (cause?.code ?? code) === 'ECONNREFUSED';
};

export function refusalOf(service: ServiceName, status: number, body: unknown): CliError {
  const { code = `http.${status}`, message = `${service} answered ${status}.` } = (
    typeof body === 'object' && body ? body : {}
  ) as { code?: string; message?: string };
  return new CliError(code, message, status === 404 ? { nextAction: 'Check the id.' } : {});
}

export type Until<T> = {
  readonly done: (seen: T) => boolean;
  readonly what: string;
  readonly on?: (seen: T) => void;
  /** Asked while nothing moves: what it waits for. Words that change are a movement too. */
  readonly still?: (seen: T | undefined) => Promise<string>;
  /** After every look: what it waits for, or undefined while it moves. */
  readonly each?: (waits: string | undefined) => void;
  /** What a person can do when nothing has moved for too long. */
  readonly nextAction?: string;
};

/** Looks again and again until the condition holds; throws `standstill` when nothing has changed for too long. */
export async function watch<T>(look: () => Promise<T>, until: Until<T>): Promise<T> {
  const movement = new Movement();
  for (const startedAt = Date.now(); ;) {
    const seen = await unlessAway(look);
    if (seen !== undefined) until.on?.(seen);
    if (seen !== undefined && until.done(seen)) return seen;
    const waits = await waitsFor(seen, until, movement);
    until.each?.(waits);
    if (movement.stillMs() > standstillMs) throw standstill(until, waits);
    await new Promise((resolve) => setTimeout(resolve, restMs(startedAt)));
  }
}

/** Undefined while something moves, and for a moment after. */
async function waitsFor<T>(
  seen: T | undefined,
  until: Until<T>,
  movement: Movement,
): Promise<string | undefined> {
  if (movement.note('seen', seen) || movement.stillMs() < stillAfterMs) return movement.waits;
  movement.waits = await until.still?.(seen);
  movement.note('waits', movement.waits);
  return movement.waits;
}

/** When something last was other than before. */
class Movement {
  waits: string | undefined;
  readonly #last = new Map<string, string>();
  #at = Date.now();

  /** True when it has moved; what is not there is no movement. */
  note(name: string, value: unknown): boolean {
    const text = JSON.stringify(value);
    if (text === undefined || text === this.#last.get(name)) return false;
    this.#last.set(name, text);
    this.#at = Date.now();
    if (name === 'seen') this.waits = undefined;
    return true;
  }

  stillMs(): number {
    return Date.now() - this.#at;
  }
}

function standstill<T>(
  { what, nextAction = 'See `npx remitflow status` and `npx remitflow dead list`.' }: Until<T>,
  waits: string | undefined,
): CliError {
  const why = waits ? ` (${waits})` : '';
  const message = `Nothing has moved for ${standstillMs / 1000} s while waiting until ${what}${why}.`;
  return new CliError('standstill', message, { nextAction });
}

/** The longer it has taken, the less it matters to see the end at once, and the more it may cost to look. */
const restMs = (startedAt: number): number =>
  Math.min(lookEveryMsMax, Math.max(lookEveryMs, (Date.now() - startedAt) / 20));

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
const lookEveryMsMax = 1_000;
const stillAfterMs = 1_500;
const standstillMs = 120_000;
