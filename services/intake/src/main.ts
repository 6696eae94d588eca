import { start } from '@remitflow/service';
import { intake, IntakeModule } from './intake.module.ts';

await start({ definition: intake, module: IntakeModule });
