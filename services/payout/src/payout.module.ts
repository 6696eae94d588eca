import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { Database } from '@remitflow/persistence';
import { defineService } from '@remitflow/service';
import { PayoutConfig } from './config.ts';
import { ApprovedRequestsHandler } from './inbound/approved-requests.handler.ts';
import { BankPost } from './inbound/bank-post.ts';
import { ChangedPayeesHandler } from './inbound/changed-payees.handler.ts';
import { BankAnswersController } from './inbound/bank-answers.controller.ts';
import { BankAnswersJob } from './inbound/bank-answers.job.ts';
import { CycleCloser } from './inbound/cycle-closer.ts';
import { CyclesController } from './inbound/cycles.controller.ts';
import { CyclesJob } from './inbound/cycles.job.ts';
import { Desk } from './inbound/desk.ts';
import { Figures } from './inbound/figures.ts';
import { PaymentsController } from './inbound/payments.controller.ts';
import { RailOutfit } from './inbound/rail-outfit.ts';
import { hears, says } from './messages.ts';
import { AccountNumbers } from './outbound/account-numbers.ts';
import { BankInboxGateway } from './outbound/bank-inbox.gateway.ts';
import { FiguresStore } from './outbound/figures.store.ts';
import { OverviewStore } from './outbound/overview.store.ts';
import { RailGateway } from './outbound/rail.gateway.ts';

export const payout = defineService({
  name: 'payout',
  hears,
  says,
  config: PayoutConfig,
  migrations: join(import.meta.dirname, 'migrations'),
});

@Module({
  controllers: [
    ApprovedRequestsHandler,
    ChangedPayeesHandler,
    CyclesController,
    PaymentsController,
    BankAnswersController,
  ],
  providers: [
    Desk,
    RailOutfit,
    BankPost,
    CycleCloser,
    CyclesJob,
    BankAnswersJob,
    Figures,
    {
      provide: FiguresStore,
      inject: [Database],
      useFactory: (database: Database) => new FiguresStore(database),
    },
    {
      provide: AccountNumbers,
      inject: [PayoutConfig],
      useFactory: (config: PayoutConfig) => new AccountNumbers(config),
    },
    {
      provide: OverviewStore,
      inject: [Database],
      useFactory: (database: Database) => new OverviewStore(database),
    },
    {
      provide: BankInboxGateway,
      inject: [PayoutConfig],
      useFactory: (config: PayoutConfig) => new BankInboxGateway(config.railInboxDir),
    },
    {
      provide: RailGateway,
      inject: [PayoutConfig],
      useFactory: (config: PayoutConfig) => new RailGateway(config.railOutboxDir),
    },
  ],
})
export class PayoutModule {}
