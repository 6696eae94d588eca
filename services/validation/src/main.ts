import { start } from '@remitflow/service';
import { validation, ValidationModule } from './validation.module.ts';

await start({ definition: validation, module: ValidationModule });
