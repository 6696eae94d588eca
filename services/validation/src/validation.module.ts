import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { MessagingRuntime } from '@remitflow/messaging';
import { Database } from '@remitflow/persistence';
import { defineService } from '@remitflow/service';
import { ValidationConfig } from './config.ts';
import { AccountsChangeNoticedHandler } from './inbound/accounts-change-noticed.handler.ts';
import { DecisionsController } from './inbound/decisions.controller.ts';
import { FeeSchedulesController } from './inbound/fee-schedules.controller.ts';
import { PayeesController } from './inbound/payees.controller.ts';
import { PayoutsReturnedHandler } from './inbound/payouts-returned.handler.ts';
import { RequestsSubmittedHandler } from './inbound/requests-submitted.handler.ts';
import { ReviewsController } from './inbound/reviews.controller.ts';
import { hears, says } from './messages.ts';
import { AccountVault } from './outbound/account-vault.gateway.ts';
import { DecisionView } from './outbound/decision-view.store.ts';
import { monthlyTables } from './outbound/monthly-tables.ts';
import { PayeeView } from './outbound/payee-view.store.ts';
import { Workbench } from './outbound/work.ts';

export const validation = defineService({
  name: 'validation',
  hears,
  says,
  config: ValidationConfig,
  migrations: join(import.meta.dirname, 'migrations'),
  monthlyTables,
});

@Module({
  controllers: [
    RequestsSubmittedHandler,
    PayoutsReturnedHandler,
    AccountsChangeNoticedHandler,
    PayeesController,
    FeeSchedulesController,
    ReviewsController,
    DecisionsController,
  ],
  providers: [
    {
      provide: AccountVault,
      inject: [ValidationConfig],
      useFactory: (config: ValidationConfig) => new AccountVault(config),
    },
    {
      provide: Workbench,
      inject: [MessagingRuntime, AccountVault],
      useFactory: (runtime: MessagingRuntime, vault: AccountVault) => new Workbench(runtime, vault),
    },
    { provide: PayeeView, inject: [Database], useFactory: (database: Database) => new PayeeView(database) },
    {
      provide: DecisionView,
      inject: [Database],
      useFactory: (database: Database) => new DecisionView(database),
    },
  ],
})
export class ValidationModule {}
