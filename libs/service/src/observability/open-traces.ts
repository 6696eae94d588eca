import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { ServiceName } from '@remitflow/contracts';
import { passedTraces, type Traces } from './traces.ts';

export type TraceOptions = {
  readonly service: ServiceName;
  /** Where spans go, by OTLP over HTTP; without it none are made and no package is loaded. */
  readonly endpoint?: string;
  /** Of the traces that begin here: from 0 to 1. What others have begun is recorded as they decided. */
  readonly ratio: number;
  /** Called with the number of spans that could not be handed on. */
  onLost(spans: number): void;
};

export async function openTraces(options: TraceOptions): Promise<Traces> {
  const { endpoint } = options;
  if (!endpoint) return passedTraces();
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  return recordTraces(options, new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` }));
}

/** Records with an exporter given. */
export async function recordTraces(options: TraceOptions, exporter: SpanExporter): Promise<Traces> {
  const [sdk, { detectResources, envDetector, resourceFromAttributes }, { RecordedTraces }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/resources'),
      import('./recorded-traces.ts'),
    ]);
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({
      'service.namespace': 'remitflow',
      'service.name': `remitflow-${options.service}`,
    }).merge(detectResources({ detectors: [envDetector] })),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(options.ratio) }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: watched(exporter, options.onLost) })],
  });
  return new RecordedTraces(provider.getTracer('remitflow'), () => provider.shutdown());
}

/** A collector that does not answer must be seen, and must cost nothing else. */
const watched = (exporter: SpanExporter, onLost: (spans: number) => void): SpanExporter => ({
  export: (spans, settle) =>
    exporter.export(spans, (result) => {
      if (result.code !== 0) onLost(spans.length);
      settle(result);
    }),
  shutdown: () => exporter.shutdown(),
});
