import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RequestsHeld } from '@remitflow/contracts';
import { uuidV7 } from '@remitflow/kernel';
import type { MessagingRuntime } from '@remitflow/messaging';
import { Database } from '@remitflow/persistence';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { aHeldBody, failing, intakeLike } from './intake-like.builder.ts';

/** The value of one series; undefined when it is not there. */
const valueOf = (text: string, series: string): number | undefined => {
  const [name, labels = ''] = series.replace('}', '').split('{');
  const wanted = labels.split(',').filter(Boolean);
  const line = text
    .split('\n')
    .find((one) => one.startsWith(`${name}{`) && wanted.every((label) => one.includes(label)));
  return line === undefined ? undefined : Number(line.split('} ').at(-1));
};

const scrape = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();

describe('a service that is watched', () => {
  let service: TestService;
  let speaker: MessagingRuntime;

  beforeAll(async () => {
    service = await openTestService(intakeLike);
    speaker = await service.speakAs('validation', [RequestsHeld]);
  }, 60_000);

  afterAll(() => service.close());

  const say = (claimIds: string[]): Promise<string> =>
    speaker.work(async ({ outbox }) => outbox.add(RequestsHeld, aHeldBody(claimIds)));

  const sees = (series: string, value: number): Promise<unknown> =>
    eventually(async () => valueOf(await scrape(service.url), series) === value || undefined);

  it('counts what it heard and said, and times it from saying to commit', async () => {
    await say(['C1', 'C2', 'C3']);
    await sees('remitflow_messages_handled_total{outcome="done",fact="requests.held.v1"}', 1);
    await sees('remitflow_items_handled_total{fact="requests.held.v1"}', 3);
    const destination = 'messaging_destination_name="remitflow.facts:submissions.received.v1"';
    await sees(`messaging_client_sent_messages_total{${destination},error_type=""}`, 1);
    const text = await scrape(service.url);
    expect(valueOf(text, 'remitflow_critical_time_seconds_count{fact="requests.held.v1"}')).toBe(1);
    expect(valueOf(text, 'messaging_process_duration_seconds_count{error_type=""}')).toBe(1);
    expect(valueOf(text, 'messaging_client_operation_duration_seconds_count{}')).toBe(1);
    expect(valueOf(text, 'remitflow_consumer_attached{}')).toBe(1);
    expect(valueOf(text, 'remitflow_ready{}')).toBe(1);
    expect(valueOf(text, 'remitflow_relay_connected{}')).toBe(1);
    expect(text).toMatch(/^process_resident_memory_bytes\{service="intake"\}/m);
  });

  it('shows what was parked by its cause, and what is tried again', async () => {
    await say([failing.lasting]);
    await say([failing.passing]);
    await sees('remitflow_dead_letters_open_messages{}', 1);
    await sees('remitflow_dead_letters_open_by_cause_messages{error_type="spec.lasting"}', 1);
    await sees('remitflow_dead_letters_parked_total{fact="requests.held.v1"}', 1);
    await sees('remitflow_retry_scheduled_messages{}', 1);
    await sees('remitflow_retry_attempts_total{fact="requests.held.v1"}', 1);
  });

  it('tells the loss of a kind of message from the first on: its series begins at 0', async () => {
    const text = await scrape(service.url);
    expect(valueOf(text, 'remitflow_publish_returned_total{fact="submissions.received.v1"}')).toBe(0);
    expect(valueOf(text, 'remitflow_inbox_digest_conflicts_total{fact="requests.held.v1"}')).toBe(0);
    expect(
      valueOf(text, 'remitflow_receipt_missing_total{hearer="audit",fact="submissions.received.v1"}'),
    ).toBe(0);
  });

  it('times requests by route and never by what stands in it', async () => {
    const secret = '123-45-6789';
    await fetch(`${service.url}/submissions/${secret}`);
    await fetch(`${service.url}/nowhere/${secret}`);
    await sees('http_server_request_duration_seconds_count{http_route="/submissions/:id"}', 1);
    await sees('http_server_request_duration_seconds_count{http_route="/unmatched"}', 1);
    expect(await scrape(service.url)).not.toContain(secret);
  });

  it('carries the trace of its caller through the outbox although it records none', async () => {
    const traceId = uuidV7().replaceAll('-', '');
    await fetch(`${service.url}/submissions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
      body: JSON.stringify({ submissionId: uuidV7() }),
    });
    const rows = await service.database.query<{ trace_parent: string }>(
      `select trace_parent from outbox where trace_parent like '%' || $1 || '%'`,
      [traceId],
    );
    expect(rows).toEqual([{ trace_parent: `00-${traceId}-00f067aa0ba902b7-01` }]);
  });

  it('says what it looked at when asked whether it is ready', async () => {
    const answer = await fetch(`${service.url}/health/ready`);
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      {
        ready: true,
        service: 'intake',
        checks: { consumer: 'consuming', relay: 'connected', database: 'answers' },
      },
    ]);
  });
});

describe('a service whose database is gone', () => {
  it('is alive and not ready, says why, and tells no number that it does not know', async () => {
    const service = await openTestService(intakeLike);
    try {
      expect(valueOf(await scrape(service.url), 'remitflow_outbox_oldest_age_seconds{}')).toBe(0);
      await service.app.get(Database).close();
      const ready = await fetch(`${service.url}/health/ready`);
      expect([ready.status, await ready.json()]).toMatchObject([
        503,
        { ready: false, checks: { database: 'the database does not answer' } },
      ]);
      expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
      const text = await scrape(service.url);
      expect(valueOf(text, 'remitflow_ready{}')).toBe(0);
      for (const source of ['outbox', 'receipts', 'retries', 'dead-letters']) {
        expect(valueOf(text, `remitflow_scrape_failed{source="${source}"}`)).toBe(1);
      }
      expect(valueOf(text, 'remitflow_outbox_oldest_age_seconds{}')).toBeUndefined();
      expect(valueOf(text, 'remitflow_relay_connected{}')).toBe(1);
    } finally {
      await service.close();
    }
  });
});

describe('a service with a port for its metrics', () => {
  it('serves them there and nowhere else', async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const service = await openTestService(intakeLike, { METRICS_PORT: String(port) });
    try {
      expect((await fetch(`${service.url}/metrics`)).status).toBe(404);
      const there = `http://127.0.0.1:${port}`;
      expect(valueOf(await scrape(there), 'remitflow_consumer_attached{}')).toBe(1);
      expect((await fetch(`${there}/health/ready`)).status).toBe(404);
    } finally {
      await service.close();
    }
  });
});

describe('a service with a collector of traces', () => {
  type Span = {
    name: string;
    kind: number;
    traceId: string;
    spanId: string;
    parentSpanId?: string;
    links?: { spanId: string }[];
    attributes: { key: string; value: { stringValue?: string; intValue?: number } }[];
  };

  const collect = async (): Promise<{ url: string; spans: Span[]; close(): void }> => {
    const spans: Span[] = [];
    const collector = createServer((request, response) => {
      void bodyOf(request).then((text) => {
        const sent = JSON.parse(text) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
        spans.push(...sent.resourceSpans.flatMap((one) => one.scopeSpans.flatMap((scope) => scope.spans)));
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const { port } = collector.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}`, spans, close: () => void collector.close() };
  };

  const bodyOf = async (request: IncomingMessage): Promise<string> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
  };

  const attribute = ({ attributes }: Span, key: string): unknown => {
    const value = attributes.find((one) => one.key === key)?.value;
    return value?.stringValue ?? value?.intValue;
  };

  it('records request, creation, sending and processing as one trace, linked where it is a bulk', async () => {
    const collector = await collect();
    const service = await openTestService(intakeLike, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    const speaker = await service.speakAs('validation', [RequestsHeld]);
    const heard: string[] = [];
    await service.speakAs('audit', [], async (_contract, _body, { envelope }) => {
      heard.push(envelope.traceParent ?? '');
    });
    await speaker.work(async ({ outbox }) => outbox.add(RequestsHeld, aHeldBody(['C1', 'C2'])));
    const caller = { traceId: uuidV7().replaceAll('-', ''), spanId: '00f067aa0ba902b7' };
    await fetch(`${service.url}/submissions`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        traceparent: `00-${caller.traceId}-${caller.spanId}-01`,
      },
      body: JSON.stringify({ submissionId: uuidV7() }),
    });
    await eventually(() => heard.length === 3 || undefined);
    await service.close();
    collector.close();

    const { spans } = collector;
    const [request] = spans.filter((span) => span.name === 'POST /submissions');
    expect(request).toMatchObject({ kind: 2, traceId: caller.traceId, parentSpanId: caller.spanId });
    const [create] = spans.filter(
      (span) => span.name.startsWith('create') && span.traceId === caller.traceId,
    );
    expect(create).toMatchObject({ kind: 4, parentSpanId: request!.spanId });
    const [send] = spans.filter((span) => span.name.startsWith('send') && span.traceId === caller.traceId);
    expect(send).toMatchObject({
      kind: 3,
      name: 'send remitflow.facts:submissions.received.v1',
      parentSpanId: create!.spanId,
    });
    expect(heard).toContain(`00-${caller.traceId}-${create!.spanId}-01`);
    const [process] = spans.filter((span) => span.name === 'process remitflow.facts:requests.held.v1');
    expect(process).toMatchObject({ kind: 5 });
    expect(attribute(process!, 'messaging.batch.message_count')).toBe(2);
    expect(attribute(process!, 'messaging.system')).toBe('rabbitmq');
    expect(attribute(process!, 'messaging.operation.type')).toBe('process');
  });
});
