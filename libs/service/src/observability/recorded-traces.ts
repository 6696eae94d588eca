import { AsyncLocalStorage } from 'node:async_hooks';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Context,
  type Span,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';
import { findFact, type ServiceName } from '@remitflow/contracts';
import { queueOf, type Envelope } from '@remitflow/messaging';
import { destinationOf, labelBounds, other } from './labels.ts';
import { parseTraceParent, writeTraceParent } from './trace-parent.ts';
import type { Doing, RequestDone, RequestSeen, Traces } from './traces.ts';

type Recorded = Doing & { readonly span: Span };

/** Spans by OpenTelemetry's conventions for messaging and HTTP. It keeps to itself: no global provider, no patching. */
export class RecordedTraces implements Traces {
  readonly #tracer: Tracer;
  readonly #shutDown: () => Promise<void>;
  readonly #now = new AsyncLocalStorage<Recorded>();
  readonly #errorType = labelBounds()['error_type']!;

  constructor(tracer: Tracer, shutDown: () => Promise<void>) {
    this.#tracer = tracer;
    this.#shutDown = shutDown;
  }

  request({ method, traceParent }: RequestSeen, work: () => void): (done: RequestDone) => void {
    const attributes = { 'http.request.method': method };
    const span = this.#tracer.startSpan(
      method,
      { kind: SpanKind.SERVER, attributes },
      contextOf(traceParent),
    );
    this.#within(span, work);
    return ({ route, status }) => {
      span.updateName(`${method} ${route}`);
      span.setAttributes({ 'http.route': route, 'http.response.status_code': status });
      if (status >= 500) this.#fail(span, String(status));
      span.end();
    };
  }

  /** The message was created in one trace; a bulk message belongs to many requests, so it is linked as well. */
  processing<T>(envelope: Envelope, service: ServiceName, work: () => Promise<T>): Promise<T> {
    const creation = spanContextOf(envelope.traceParent);
    const isBulk = findFact(envelope.type)?.items !== undefined;
    const span = this.#tracer.startSpan(
      `process ${destinationOf(envelope.type)}`,
      {
        kind: SpanKind.CONSUMER,
        attributes: {
          ...describe('process', 'process', envelope.type),
          ...identify(envelope),
          'messaging.destination.subscription.name': queueOf(service),
        },
        links: creation && isBulk ? [{ context: creation }] : [],
      },
      contextOf(envelope.traceParent),
    );
    return this.#ending(span, work);
  }

  publishing<T>(envelope: Envelope, work: () => Promise<T>): Promise<T> {
    const attributes = { ...describe('send', 'send', envelope.type), ...identify(envelope) };
    const span = this.#tracer.startSpan(
      `send ${destinationOf(envelope.type)}`,
      { kind: SpanKind.CLIENT, attributes },
      contextOf(envelope.traceParent),
    );
    return this.#ending(span, async () => {
      const outcome = await work();
      if (typeof outcome === 'string' && outcome !== 'confirmed') this.#fail(span, outcome);
      return outcome;
    });
  }

  /** The span in which a message is created: its context is stored with the row and travels with the message. */
  traceParent(): string {
    const doing = this.#now.getStore();
    const span = this.#tracer.startSpan(
      'create',
      { kind: SpanKind.PRODUCER, attributes: describe('create', 'create') },
      doing ? trace.setSpan(ROOT_CONTEXT, doing.span) : ROOT_CONTEXT,
    );
    span.end();
    return traceParentOf(span);
  }

  doing(): Doing | undefined {
    return this.#now.getStore();
  }

  noteItems(count: number): void {
    const doing = this.#now.getStore();
    if (!doing) return;
    doing.items = count;
    doing.span.setAttribute('messaging.batch.message_count', count);
  }

  noteError(code: string): void {
    const doing = this.#now.getStore();
    if (doing) this.#fail(doing.span, code);
  }

  close(): Promise<void> {
    return this.#shutDown();
  }

  #within<T>(span: Span, work: () => T): T {
    return this.#now.run({ span, traceParent: traceParentOf(span) }, work);
  }

  async #ending<T>(span: Span, work: () => Promise<T>): Promise<T> {
    try {
      return await this.#within(span, work);
    } catch (error) {
      const code = (error as { code?: unknown } | null)?.code;
      this.#fail(span, typeof code === 'string' ? code : error instanceof Error ? error.name : other);
      throw error;
    } finally {
      span.end();
    }
  }

  /** The code and not the text: a text may quote what it is about. */
  #fail(span: Span, code: string): void {
    span.setAttribute('error.type', this.#errorType(code));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
}

const describe = (name: string, type: string, fact?: string): Attributes => ({
  'messaging.system': 'rabbitmq',
  'messaging.operation.name': name,
  'messaging.operation.type': type,
  ...(fact
    ? {
        'messaging.destination.name': destinationOf(fact),
        'messaging.rabbitmq.destination.routing_key': findFact(fact)?.name ?? other,
      }
    : {}),
});

const identify = (envelope: Envelope): Attributes => ({
  'messaging.message.id': envelope.id,
  'messaging.message.conversation_id': envelope.correlationId,
});

function spanContextOf(traceParent: string | undefined): SpanContext | undefined {
  const parsed = parseTraceParent(traceParent);
  if (!parsed) return undefined;
  const { traceId, spanId, flags } = parsed;
  return { traceId, spanId, traceFlags: flags & TraceFlags.SAMPLED, isRemote: true };
}

function contextOf(traceParent: string | undefined): Context {
  const parent = spanContextOf(traceParent);
  return parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
}

function traceParentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return writeTraceParent({ traceId, spanId, flags: traceFlags });
}
