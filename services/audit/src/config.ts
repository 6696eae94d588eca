import { ServiceConfig } from '@remitflow/service';

/** Everything audit can be told from outside. */
export class AuditConfig extends ServiceConfig {}
