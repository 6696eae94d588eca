import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { defineService } from '@remitflow/service';
import { RemittanceConfig } from './config.ts';
import { CyclesController } from './inbound/cycles.controller.ts';
import { DecisionsHandler } from './inbound/decisions.handler.ts';
import { IssueJob } from './inbound/issue.job.ts';
import { PayeesHandler } from './inbound/payees.handler.ts';
import { PayoutsHandler } from './inbound/payouts.handler.ts';
import { RemittancesController } from './inbound/remittances.controller.ts';
import { hears, says } from './messages.ts';

export const remittance = defineService({
  name: 'remittance',
  hears,
  says,
  config: RemittanceConfig,
  migrations: join(import.meta.dirname, 'migrations'),
});

@Module({
  controllers: [DecisionsHandler, PayeesHandler, PayoutsHandler, RemittancesController, CyclesController],
  providers: [IssueJob],
})
export class RemittanceModule {}
