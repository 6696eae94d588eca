import { start } from '@remitflow/service';
import { remittance, RemittanceModule } from './remittance.module.ts';

await start({ definition: remittance, module: RemittanceModule });
