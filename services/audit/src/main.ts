import { start } from '@remitflow/service';
import { audit, AuditModule } from './audit.module.ts';

await start({ definition: audit, module: AuditModule });
