import { Injectable } from '@nestjs/common';
import type { ServiceName } from '@remitflow/contracts';
import type { Observer, RuntimeLog } from '@remitflow/messaging';
import type { Database } from '@remitflow/persistence';
import type { ServiceConfig } from '../config.ts';
import type { Readiness } from '../readiness.ts';
import { readMessages } from './message-readings.ts';
import { MetricsServer } from './metrics-server.ts';
import { Metrics } from './metrics.ts';
import { openTraces } from './open-traces.ts';
import { RuntimeMetrics } from './runtime-metrics.ts';
import { serviceObserver } from './service-observer.ts';
import type { Traces } from './traces.ts';

type Observed = {
  readonly service: ServiceName;
  readonly config: ServiceConfig;
  readonly log: RuntimeLog;
};

type Parts = {
  readonly service: ServiceName;
  readonly metrics: Metrics;
  readonly traces: Traces;
  readonly observer: Observer;
  readonly server?: MetricsServer;
};

/** Everything by which one service is watched: its metrics, its traces, and what the message runtime tells them. */
@Injectable()
export class Observability {
  readonly metrics: Metrics;
  readonly traces: Traces;
  readonly observer: Observer;
  readonly #service: ServiceName;
  readonly #server: MetricsServer | undefined;

  private constructor(parts: Parts) {
    this.#service = parts.service;
    this.metrics = parts.metrics;
    this.traces = parts.traces;
    this.observer = parts.observer;
    this.#server = parts.server;
  }

  static async open({ service, config, log }: Observed): Promise<Observability> {
    const metrics = new Metrics(service);
    const lost = metrics.count({
      name: 'remitflow_trace_spans_lost_total',
      help: 'Spans that the collector of traces did not take; nothing else suffers from it.',
    });
    const traces = await openTraces({
      service,
      endpoint: config.otelExporterOtlpEndpoint,
      ratio: config.otelTracesSamplerArg,
      onLost(spans) {
        lost.add({}, spans);
        log.warn({ spans }, 'collector of traces takes no spans');
      },
    });
    const observer = serviceObserver(new RuntimeMetrics(metrics, service), traces);
    const { host, metricsPort: port } = config;
    const server = port === undefined ? undefined : await MetricsServer.open(metrics, { host, port });
    if (server) log.info({ port: server.port }, 'metrics listening');
    return new Observability({ service, metrics, traces, observer, server });
  }

  /** Adds what is looked up when somebody asks. */
  watch(database: Database, readiness: Readiness): void {
    readMessages(this.metrics, database, this.#service);
    const ready = this.metrics.level({
      name: 'remitflow_ready',
      help: '1 while the service consumes, can publish and reaches its database: what /health/ready says.',
    });
    this.metrics.reading({
      source: 'readiness',
      levels: [ready],
      async read() {
        const state = await readiness.look();
        return () => ready.set(Number(state.ready));
      },
    });
  }

  async close(): Promise<void> {
    await this.#server?.close();
    await this.traces.close();
  }
}
