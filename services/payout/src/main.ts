import { start } from '@remitflow/service';
import { payout, PayoutModule } from './payout.module.ts';

await start({ definition: payout, module: PayoutModule });
