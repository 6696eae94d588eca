import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServiceName } from '@remitflow/contracts';
import type { Envelope } from '@remitflow/messaging';
import { parseTraceParent, writeTraceParent } from './trace-parent.ts';

/** What is known of the work that is being done now, wherever in it one asks. */
export type Doing = {
  /** The W3C context that what is said now is kept with. */
  readonly traceParent: string | undefined;
  /** Items of the bulk message that is being handled. */
  items?: number;
};

export type RequestSeen = { readonly method: string; readonly traceParent: string | undefined };
export type RequestDone = { readonly route: string; readonly status: number };

/** Spans of what a service does. Nothing personal goes into one: ids, names of facts, counts and codes. */
export type Traces = {
  /** Answers one HTTP request; gives what is to be called when the answer has left. */
  request(seen: RequestSeen, work: () => void): (done: RequestDone) => void;
  processing<T>(envelope: Envelope, service: ServiceName, work: () => Promise<T>): Promise<T>;
  publishing<T>(envelope: Envelope, work: () => Promise<T>): Promise<T>;
  /** The context of what is being said now. */
  traceParent(): string | undefined;
  doing(): Doing | undefined;
  /** Notes how many items are handled, on the span and for whoever asks. */
  noteItems(count: number): void;
  /** Notes what went wrong with what is being done; the code alone. */
  noteError(code: string): void;
  close(): Promise<void>;
};

/**
 * What holds when traces are not recorded: the context of whoever called us travels on through outbox, broker and
 * handlers, so that it joins what others record. Costs one string; no package is loaded for it.
 */
export function passedTraces(): Traces {
  const now = new AsyncLocalStorage<Doing>();
  const passed = (traceParent: string | undefined): Doing => {
    const parsed = parseTraceParent(traceParent);
    return { traceParent: parsed && writeTraceParent(parsed) };
  };
  return {
    request(seen, work) {
      now.run(passed(seen.traceParent), work);
      return () => undefined;
    },
    processing: (envelope, _service, work) => now.run(passed(envelope.traceParent), work),
    publishing: (_envelope, work) => work(),
    traceParent: () => now.getStore()?.traceParent,
    doing: () => now.getStore(),
    noteItems(count) {
      const doing = now.getStore();
      if (doing) doing.items = count;
    },
    noteError: () => undefined,
    close: () => Promise.resolve(),
  };
}
