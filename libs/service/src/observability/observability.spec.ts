import { describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { RequestsHeld, SubmissionsReceived } from '@remitflow/contracts';
import { CannotProceed, uuidV7 } from '@remitflow/kernel';
import type { Envelope } from '@remitflow/messaging';
import fc from 'fast-check';
import { labelBounds, other } from './labels.ts';
import { Metrics } from './metrics.ts';
import { recordTraces } from './open-traces.ts';
import { parseTraceParent, writeTraceParent } from './trace-parent.ts';
import { passedTraces } from './traces.ts';

const anEnvelope = (change: Partial<Envelope> = {}): Envelope => ({
  id: uuidV7(),
  type: RequestsHeld.name,
  source: 'validation',
  subject: 'a payee of ours',
  time: '2026-11-22T00:00:00.000Z',
  correlationId: uuidV7(),
  digest: 'a'.repeat(64),
  ...change,
});

describe('a label', () => {
  it('has few values, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(labelBounds())),
        fc.array(fc.string({ maxLength: 200 }), { maxLength: 400 }),
        (label, values) => {
          const bound = labelBounds()[label]!;
          expect(new Set(values.map(bound)).size).toBeLessThanOrEqual(201);
        },
      ),
    );
  });

  it.each(Object.keys(labelBounds()))('%s carries nothing personal', (label) => {
    const bound = labelBounds()[label]!;
    const personal = [
      'Zoë Miller',
      'Miller',
      'zoe',
      '90210',
      '123-45-6789',
      '021000021',
      'zoe@example.org',
      '1980-02-29',
      '(555) 010-9999',
    ];
    expect(personal.map(bound)).toEqual(personal.map(() => other));
  });

  it('keeps what it is for', () => {
    const bounds = labelBounds();
    expect(bounds['fact']!(RequestsHeld.name)).toBe(RequestsHeld.name);
    expect(bounds['error_type']!('payee.not-active')).toBe('payee.not-active');
    for (const code of ['40001', 'TypeError', 'ECONNREFUSED', 'lost', '503', '']) {
      expect(bounds['error_type']!(code)).toBe(code);
    }
    expect(bounds['http_route']!('/submissions/:id')).toBe('/submissions/:id');
    expect(bounds['fingerprint']!('00112233aabbccdd')).toBe('00112233aabbccdd');
  });
});

describe('the metrics of a service', () => {
  it('refuse a label that nobody has thought about', () => {
    const metrics = new Metrics('intake');
    expect(() => metrics.count({ name: 'x_total', help: 'x', labels: ['claim_id'] })).toThrow(
      /metrics.unknown-label/,
    );
  });

  it('refuse a name that does not say what it counts or in which unit', () => {
    const metrics = new Metrics('intake');
    expect(() => metrics.count({ name: 'remitflow_things', help: 'x' })).toThrow(/metrics.name/);
    expect(() => metrics.level({ name: 'remitflow_things_total', help: 'x' })).toThrow(/metrics.name/);
    expect(() => metrics.spread({ name: 'remitflow_wait_ms', help: 'x' }, [1])).toThrow(/metrics.name/);
  });

  it('let one value of a label through that is not one of its own as "other"', async () => {
    const metrics = new Metrics('intake');
    metrics.count({ name: 'remitflow_x_total', help: 'x', labels: ['fact'] }).add({ fact: 'Zoë Miller' });
    expect(await metrics.text()).toContain('remitflow_x_total{fact="other",service="intake"} 1');
  });

  it('tell no old number once it cannot be read, and tell it again when it can', async () => {
    const metrics = new Metrics('intake');
    const level = metrics.level({ name: 'remitflow_x', help: 'x' });
    let fails = false;
    metrics.reading({
      source: 'outbox',
      levels: [level],
      read: () => (fails ? Promise.reject(new Error('away')) : Promise.resolve(() => level.set(7))),
    });
    expect(await metrics.text()).toContain('remitflow_x{service="intake"} 7');
    fails = true;
    const text = await metrics.text();
    expect(text).not.toContain('remitflow_x{');
    expect(text).toContain('remitflow_scrape_failed{source="outbox",service="intake"} 1');
    fails = false;
    expect(await metrics.text()).toContain('remitflow_x{service="intake"} 7');
  });

  it('look once for scrapes that come together, and not again before its time', async () => {
    const metrics = new Metrics('intake');
    let looks = 0;
    const read = (): Promise<() => void> => {
      looks += 1;
      return Promise.resolve(() => undefined);
    };
    metrics.reading({ source: 'outbox', levels: [], everyMs: 60_000, read });
    await Promise.all([metrics.text(), metrics.text()]);
    await metrics.text();
    expect(looks).toBe(1);
  });
});

describe('a traceparent', () => {
  const theirs = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

  it('is read and written as it came, later versions as this one', () => {
    expect(writeTraceParent(parseTraceParent(theirs)!)).toBe(theirs);
    expect(parseTraceParent(`cc${theirs.slice(2)}-more`)).toEqual(parseTraceParent(theirs));
  });

  it.each([
    '',
    'nonsense',
    theirs.toUpperCase(),
    `ff${theirs.slice(2)}`,
    `${theirs}-more`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`,
  ])('is not %p', (text) => expect(parseTraceParent(text)).toBeUndefined());

  it('travels on where nothing is recorded, and a false one does not', async () => {
    const traces = passedTraces();
    const seen = await traces.processing(anEnvelope({ traceParent: theirs }), 'intake', async () =>
      traces.traceParent(),
    );
    expect(seen).toBe(theirs);
    const none = await traces.processing(anEnvelope({ traceParent: 'x' }), 'intake', async () =>
      traces.traceParent(),
    );
    expect(none).toBeUndefined();
    expect(traces.traceParent()).toBeUndefined();
  });
});

describe('recorded traces', () => {
  const record = async (ratio = 1) => {
    const exporter = new InMemorySpanExporter();
    const kept: ReturnType<typeof exporter.getFinishedSpans> = [];
    const traces = await recordTraces({ service: 'intake', ratio, onLost: () => undefined }, exporter);
    return {
      traces,
      /** The exporter forgets when it is shut down, so what it was given is kept beside it. */
      async spans() {
        const give = exporter.shutdown.bind(exporter);
        exporter.shutdown = () => {
          kept.push(...exporter.getFinishedSpans());
          return give();
        };
        await traces.close();
        return kept;
      },
    };
  };
  const creation = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

  it('process a message as part of the trace in which it was created; a bulk message is linked to it as well', async () => {
    const { traces, spans } = await record();
    await traces.processing(anEnvelope({ traceParent: creation }), 'intake', async () => undefined);
    await traces.processing(
      anEnvelope({ traceParent: creation, type: SubmissionsReceived.name }),
      'intake',
      async () => undefined,
    );
    const [bulk, single] = await spans();
    expect(bulk!.parentSpanContext?.spanId).toBe('00f067aa0ba902b7');
    expect(bulk!.links.map(({ context }) => context.spanId)).toEqual(['00f067aa0ba902b7']);
    expect(single!.links).toEqual([]);
    expect(single!.spanContext().traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  });

  it('give what is said within a message a creation of its own', async () => {
    const { traces, spans } = await record();
    let said: string | undefined;
    await traces.processing(anEnvelope({ traceParent: creation }), 'intake', async () => {
      said = traces.traceParent();
    });
    const [create, process] = await spans();
    expect(create!.name).toBe('create');
    expect(create!.parentSpanContext?.spanId).toBe(process!.spanContext().spanId);
    expect(said).toBe(`00-4bf92f3577b34da6a3ce929d0e0e4736-${create!.spanContext().spanId}-01`);
  });

  it('name the code of a failure and nothing that its text quotes', async () => {
    const { traces, spans } = await record();
    const failing = traces.processing(anEnvelope({ subject: 'Zoë Miller' }), 'intake', () =>
      Promise.reject(new CannotProceed('payee.unknown', {}, { message: 'no payee Zoë Miller' })),
    );
    await expect(failing).rejects.toThrow('Zoë Miller');
    await traces.publishing(anEnvelope(), async () => 'returned');
    const [process, send] = await spans();
    expect(process!.attributes['error.type']).toBe('payee.unknown');
    expect(send!.attributes['error.type']).toBe('returned');
    expect(JSON.stringify([process!.attributes, process!.events, process!.status])).not.toContain('Miller');
  });

  it('record no more than they are told to, and what a caller records', async () => {
    const { traces, spans } = await record(0);
    await traces.processing(anEnvelope(), 'intake', async () => undefined);
    await traces.processing(anEnvelope({ traceParent: creation }), 'intake', async () => undefined);
    expect((await spans()).map((span) => span.spanContext().traceId)).toEqual([
      '4bf92f3577b34da6a3ce929d0e0e4736',
    ]);
  });
});
