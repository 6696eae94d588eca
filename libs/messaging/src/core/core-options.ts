import type { FactContract, ServiceName } from '@remitflow/contracts';
import type { BrokerPort } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import type { PassPoint } from '../ports/crash-points.ts';
import type { Observer } from '../ports/observer.ts';
import type { StorePort } from '../ports/store.ts';
import type { RuntimeSettings } from './settings.ts';
import type { RuntimeLog } from './unit.ts';

/** Everything the core is given; it reaches for nothing else, so all of it can be replayed. */
export type CoreOptions = {
  readonly service: ServiceName;
  readonly says: readonly FactContract[];
  readonly broker: BrokerPort;
  readonly store: StorePort;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly log: RuntimeLog;
  readonly pass: PassPoint;
  /** In what the broker differs from what must be there; empty is well. */
  readonly topology: () => Promise<readonly string[]>;
  readonly settings: RuntimeSettings;
  /** Of the service, kept with what it could not process. */
  readonly release: string;
};
