import type { Observer } from '@remitflow/messaging';
import type { RuntimeMetrics } from './runtime-metrics.ts';
import type { Traces } from './traces.ts';

/** Lets the message runtime be watched by metrics and traces. */
export const serviceObserver = (metrics: RuntimeMetrics, traces: Traces): Observer => ({
  observe(event) {
    metrics.observe(event);
    if (event.kind !== 'handled') return;
    if (event.outcome === 'done') metrics.itemsDone(event.fact, traces.doing()?.items ?? 0);
    if (event.errorCode && event.outcome !== 'done') traces.noteError(event.errorCode);
  },
  processing: (envelope, service, work) => traces.processing(envelope, service, work),
  publishing: (envelope, work) => traces.publishing(envelope, work),
  traceParent: () => traces.traceParent(),
});
