import type { ServiceName } from '@remitflow/contracts';
import type { Database } from '@remitflow/persistence';
import type { CoreUnit } from '../core/messaging-core.ts';

/** One transaction of an act, and the outbox that commits with it. */
export type ActUnit = CoreUnit;

/** The service whose messages are operated. */
export type Workplace = {
  readonly service: ServiceName;
  /** Of the service. */
  readonly release: string;
  readonly database: Database;
  /** What is said in it leaves when, and only when, it commits. */
  work<T>(perform: (unit: ActUnit) => Promise<T>): Promise<T>;
};

/** Who acts, and why; kept in the audit trail, so nothing personal about others belongs in a reason. */
export type By = { readonly by: string };
export type ByReason = By & { readonly reason: string };
