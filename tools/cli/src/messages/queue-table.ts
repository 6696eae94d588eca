import type { ServiceName } from '@remitflow/kernel';

/** What a service tells of its messages; counters only grow, ages in milliseconds. */
export type QueueReport = {
  readonly service: ServiceName;
  readonly at: string;
  readonly queues: readonly { readonly name: string; readonly depth?: number; readonly consumers?: number }[];
  readonly heard: number;
  readonly outbox: { readonly rows: number; readonly oldestAgeMs: number; readonly said: number };
  readonly awaiting: readonly {
    readonly hearer: ServiceName;
    readonly rows: number;
    readonly oldestAgeMs: number;
  }[];
  readonly retries: { readonly pending: number };
  readonly deadLetters: { readonly open: number };
};

export type QueueLine = {
  readonly service: ServiceName;
  readonly answers: boolean;
  readonly depth: number | null;
  readonly consumers: number | null;
  readonly inPerSecond: number | null;
  readonly outPerSecond: number | null;
  /** Of what others said to it and it has not committed. */
  readonly oldestAgeMs: number;
  readonly outboxRows: number;
  readonly outboxAgeMs: number;
  /** What it said, that others have not committed. */
  readonly awaiting: number;
  readonly retries: number;
  readonly deadLetters: number;
};

/** A line a service. What waits longest for a service is known to those who spoke to it. */
export function queueLines(
  services: readonly ServiceName[],
  now: readonly QueueReport[],
  before: readonly QueueReport[],
): QueueLine[] {
  return services.map((service) => {
    const report = now.find((one) => one.service === service);
    const earlier = before.find((one) => one.service === service);
    return report ? lineOf(report, now, earlier) : silent(service);
  });
}

function lineOf(
  report: QueueReport,
  all: readonly QueueReport[],
  earlier: QueueReport | undefined,
): QueueLine {
  const { service, outbox } = report;
  const queue = report.queues.find(({ name }) => name === `remitflow.${service}`);
  const owed = all.flatMap(({ awaiting }) => awaiting.filter(({ hearer }) => hearer === service));
  const rate = rateBetween(earlier, report);
  return {
    service,
    answers: true,
    depth: queue?.depth ?? null,
    consumers: queue?.consumers ?? null,
    inPerSecond: rate((one) => one.heard),
    outPerSecond: rate((one) => one.outbox.said),
    oldestAgeMs: Math.max(0, ...owed.map(({ oldestAgeMs }) => oldestAgeMs)),
    outboxRows: outbox.rows,
    outboxAgeMs: outbox.oldestAgeMs,
    awaiting: report.awaiting.reduce((sum, { rows }) => sum + rows, 0),
    retries: report.retries.pending,
    deadLetters: report.deadLetters.open,
  };
}

/** Null until there are two reports; a counter that begins anew counts as none. */
function rateBetween(
  earlier: QueueReport | undefined,
  report: QueueReport,
): (counter: (one: QueueReport) => number) => number | null {
  const elapsedMs = earlier ? Date.parse(report.at) - Date.parse(earlier.at) : 0;
  return (counter) =>
    earlier && elapsedMs > 0
      ? Math.max(0, Math.round(((counter(report) - counter(earlier)) * 10_000) / elapsedMs) / 10)
      : null;
}

const silent = (service: ServiceName): QueueLine => ({
  service,
  answers: false,
  depth: null,
  consumers: null,
  inPerSecond: null,
  outPerSecond: null,
  oldestAgeMs: 0,
  outboxRows: 0,
  outboxAgeMs: 0,
  awaiting: 0,
  retries: 0,
  deadLetters: 0,
});

/** 950 ms, 12 s, 4 min, 3 h, 2 d; nothing for nothing. */
export function age(durationMs: number): string {
  const steps = [
    { unit: 'd', ms: 86_400_000 },
    { unit: 'h', ms: 3_600_000 },
    { unit: 'min', ms: 60_000 },
    { unit: 's', ms: 1_000 },
    { unit: 'ms', ms: 1 },
  ];
  const step = steps.find(({ ms }) => durationMs >= ms);
  return step ? `${Math.floor(durationMs / step.ms)} ${step.unit}` : '–';
}
