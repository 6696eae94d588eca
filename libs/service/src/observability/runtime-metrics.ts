import { factsHeardBy, factsSaidBy, type ServiceName } from '@remitflow/contracts';
import type { ConsumerState, RuntimeEvent } from '@remitflow/messaging';
import { declareRuntimeMetrics } from './declare-runtime-metrics.ts';
import { destinationOf } from './labels.ts';
import type { Metrics } from './metrics.ts';

type Event<Kind extends RuntimeEvent['kind']> = Extract<RuntimeEvent, { kind: Kind }>;

/** Turns what the message runtime tells about itself into metrics. */
export class RuntimeMetrics {
  readonly #metrics: ReturnType<typeof declareRuntimeMetrics>;

  constructor(metrics: Metrics, service: ServiceName) {
    this.#metrics = declareRuntimeMetrics(metrics);
    this.#beginAtZero(service);
  }

  observe(event: RuntimeEvent): void {
    const tell = this.#tellers[event.kind] as (event: RuntimeEvent) => void;
    tell(event);
  }

  /** Items of bulk messages whose effects have committed. */
  itemsDone(fact: string, count: number): void {
    this.#metrics.items.add({ fact }, count);
  }

  /** A series that only appears with its first count shows no increase to Prometheus: the first loss would go unseen. */
  #beginAtZero(service: ServiceName): void {
    const { returned, refused, lost, duplicates, digestConflicts, redelivered, parked, missing, healed } =
      this.#metrics;
    for (const { name: fact } of factsHeardBy(service)) {
      [duplicates, digestConflicts, redelivered, parked].forEach((count) => count.add({ fact }, 0));
      this.#metrics.retryAttempts.add({ fact }, 0);
      this.#metrics.items.add({ fact }, 0);
      this.#metrics.consumed.add(processOf(fact), 0);
      this.#metrics.handled.add({ fact, outcome: 'done' }, 0);
    }
    for (const { name: fact, heardBy } of factsSaidBy(service)) {
      [returned, refused, lost].forEach((count) => count.add({ fact }, 0));
      this.#metrics.sent.add(sendOf(fact, ''), 0);
      for (const hearer of heardBy) {
        missing.add({ hearer, fact }, 0);
        healed.add({ hearer }, 0);
      }
    }
  }

  readonly #tellers: { readonly [Kind in RuntimeEvent['kind']]: (event: Event<Kind>) => void } = {
    published: (event) => this.#published(event),
    handled: (event) => this.#handled(event),
    relay: ({ connected, blocked }) => {
      this.#metrics.relayConnected.set(Number(connected));
      this.#metrics.relayBlocked.set(Number(blocked));
    },
    'digest-conflict': ({ fact }) => this.#metrics.digestConflicts.add({ fact }),
    redelivered: ({ fact }) => this.#metrics.redelivered.add({ fact }),
    parked: ({ fact }) => this.#metrics.parked.add({ fact }),
    consumer: ({ state }) => this.#consumer(state),
    circuit: ({ open }) => this.#metrics.circuit.set(Number(open)),
    topology: ({ drift }) => this.#metrics.topology.set(drift),
    'receipts-sent': ({ count }) => this.#metrics.receiptsSent.add({}, count),
    'receipt-missing': ({ hearer, fact }) => this.#metrics.missing.add({ hearer, fact }),
    'receipt-healed': ({ hearer, count }) => this.#metrics.healed.add({ hearer }, count),
    drained: ({ durationMs }) => this.#metrics.drain.set(durationMs / 1000),
  };

  #published({ fact, outcome, durationMs }: Event<'published'>): void {
    const errorType = outcome === 'confirmed' ? '' : outcome;
    this.#metrics.sent.add(sendOf(fact, errorType));
    this.#metrics.operation.record(durationMs / 1000, {
      messaging_system: 'rabbitmq',
      messaging_operation_name: 'send',
      error_type: errorType,
    });
    this.#metrics.confirm.record(durationMs / 1000);
    if (outcome !== 'confirmed') this.#metrics[outcome].add({ fact });
  }

  #handled({ fact, outcome, durationMs, criticalMs, errorCode }: Event<'handled'>): void {
    this.#metrics.handled.add({ fact, outcome });
    this.#metrics.consumed.add(processOf(fact));
    this.#metrics.process.record(durationMs / 1000, { ...processOf(fact), error_type: errorCode ?? '' });
    if (outcome === 'duplicate') this.#metrics.duplicates.add({ fact });
    if (outcome === 'retrying') this.#metrics.retryAttempts.add({ fact });
    if (outcome === 'done') this.#metrics.critical.record(Math.max(0, criticalMs) / 1000, { fact });
  }

  #consumer(state: ConsumerState): void {
    this.#metrics.attached.set(Number(state === 'consuming'));
    this.#metrics.paused.set(Number(state === 'paused'));
  }
}

const processOf = (fact: string) => ({
  messaging_system: 'rabbitmq',
  messaging_operation_name: 'process',
  messaging_destination_name: destinationOf(fact),
});

const sendOf = (fact: string, errorType: string) => ({
  messaging_system: 'rabbitmq',
  messaging_operation_name: 'send',
  messaging_destination_name: destinationOf(fact),
  error_type: errorType,
});
