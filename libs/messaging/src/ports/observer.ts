import type { ServiceName } from '@remitflow/contracts';
import type { Envelope } from '../core/envelope.ts';
import type { PublishOutcome } from './broker.ts';

/** What became of a message in the processor. */
export type Outcome = 'done' | 'duplicate' | 'split' | 'parked' | 'retrying';

export type ConsumerState = 'connecting' | 'consuming' | 'paused' | 'draining' | 'closed';

/** What the runtime tells about itself; times in milliseconds. Ids and names only, nothing personal. */
export type RuntimeEvent =
  | {
      readonly kind: 'published';
      readonly fact: string;
      readonly outcome: PublishOutcome;
      readonly durationMs: number;
    }
  | { readonly kind: 'relay'; readonly connected: boolean; readonly blocked: boolean }
  | {
      readonly kind: 'handled';
      readonly fact: string;
      readonly outcome: Outcome;
      readonly durationMs: number;
      /** Said → effect committed. */
      readonly criticalMs: number;
      /** The code of the last error, when there was one. */
      readonly errorCode?: string;
    }
  | { readonly kind: 'digest-conflict'; readonly fact: string }
  | { readonly kind: 'redelivered'; readonly fact: string }
  | { readonly kind: 'parked'; readonly fact: string; readonly fingerprint: string }
  | { readonly kind: 'consumer'; readonly state: ConsumerState }
  | { readonly kind: 'circuit'; readonly open: boolean }
  | { readonly kind: 'topology'; readonly drift: number }
  | { readonly kind: 'receipts-sent'; readonly count: number }
  | { readonly kind: 'receipt-missing'; readonly hearer: ServiceName; readonly fact: string }
  | { readonly kind: 'receipt-healed'; readonly hearer: ServiceName; readonly count: number }
  | { readonly kind: 'drained'; readonly durationMs: number };

/** Who watches the runtime: metrics, traces, tests. Must not throw. */
export type Observer = {
  observe(event: RuntimeEvent): void;
  /** Processes one message within a span of the trace that its envelope names. */
  processing<T>(envelope: Envelope, service: ServiceName, work: () => Promise<T>): Promise<T>;
  /** Publishes within a span; the context that travels is the one in the envelope, taken when it was said. */
  publishing<T>(envelope: Envelope, work: () => Promise<T>): Promise<T>;
  /** The W3C context of what is being done now, kept with what is said. */
  traceParent(): string | undefined;
};

export const unobserved: Observer = {
  observe: () => undefined,
  processing: (_envelope, _service, work) => work(),
  publishing: (_envelope, work) => work(),
  traceParent: () => undefined,
};
