import { Injectable } from '@nestjs/common';
import { BrokenInvariant } from '@remitflow/kernel';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { labelBounds, type Bound } from './labels.ts';
import { Readings, type Reading } from './readings.ts';

export type MetricTerms = {
  /** Snake case with its unit last, as Prometheus wants it: `remitflow_outbox_oldest_age_seconds`. */
  readonly name: string;
  readonly help: string;
  /** Of those in `labels.ts` alone. */
  readonly labels?: readonly string[];
};

export type Labels = Readonly<Record<string, string>>;

export type Count = { add(labels?: Labels, by?: number): void };
export type Level = { set(value: number, labels?: Labels): void; clear(): void };
export type Spread = { record(value: number, labels?: Labels): void };

/**
 * What a service tells of itself in numbers, at `/metrics`. Services register their own; no label gets past what
 * `labels.ts` says of it, so that no series carries personal data and there are never too many of them.
 */
@Injectable()
export class Metrics {
  readonly #registry = new Registry();
  readonly #bounds: Readonly<Record<string, Bound>> = labelBounds();
  readonly #readings: Readings;

  constructor(service: string) {
    this.#registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.#registry });
    const failed = this.level({
      name: 'remitflow_scrape_failed',
      help: '1 while what this source tells could not be read for the last scrape; its other series are then absent.',
      labels: ['source'],
    });
    this.#readings = new Readings((source, hasFailed) => failed.set(hasFailed ? 1 : 0, { source }));
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  count(terms: MetricTerms): Count {
    const counter = new Counter({ ...this.#checked(terms, /_total$/), registers: [this.#registry] });
    return { add: (labels = {}, by = 1) => counter.inc(this.#bounded(labels), by) };
  }

  level(terms: MetricTerms): Level {
    const gauge = new Gauge({ ...this.#checked(terms, /(?<!_total)$/), registers: [this.#registry] });
    return {
      set: (value, labels = {}) => gauge.set(this.#bounded(labels), value),
      clear: () => (terms.labels ? gauge.reset() : gauge.remove()),
    };
  }

  /** `buckets` in the unit of the name, ascending. */
  spread(terms: MetricTerms, buckets: readonly number[]): Spread {
    const histogram = new Histogram({
      ...this.#checked(terms, /_(seconds|bytes)$/),
      buckets: [...buckets],
      registers: [this.#registry],
    });
    return { record: (value, labels = {}) => histogram.observe(this.#bounded(labels), value) };
  }

  /** What is looked up when somebody asks, at most once in `everyMs`. Its levels are absent while it fails. */
  reading(reading: Reading): void {
    this.#readings.add(reading);
  }

  /** Everything, in the text format of Prometheus. */
  async text(): Promise<string> {
    await this.#readings.take();
    return this.#registry.metrics();
  }

  #checked({ name, help, labels = [] }: MetricTerms, ending: RegExp): ConstructorTerms {
    const strange = labels.filter((label) => !Object.hasOwn(this.#bounds, label));
    if (strange.length > 0)
      throw new BrokenInvariant('metrics.unknown-label', { name, labels: strange.join(' ') });
    if (!/^[a-z][a-z0-9_]+$/.test(name) || !ending.test(name)) {
      throw new BrokenInvariant('metrics.name', { name });
    }
    return { name, help, labelNames: [...labels] };
  }

  #bounded(labels: Labels): Record<string, string> {
    return Object.fromEntries(
      Object.entries(labels).map(([label, value]) => [label, this.#bounds[label]?.(value) ?? '']),
    );
  }
}

type ConstructorTerms = { name: string; help: string; labelNames: string[] };
