/** One service of the naive peer: `node service.js <name> <database URL> <broker URL> <folder>`. */
import 'reflect-metadata';
import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { EntityTarget, ObjectLiteral } from 'typeorm';
import { Audit } from './audit.ts';
import * as entities from './entities.ts';
import { Intake } from './intake.ts';
import type { NaiveService } from './messages.ts';
import { Payout } from './payout.ts';
import { Remittance } from './remittance.ts';
import { Validation } from './validation.ts';
import { providersOf, rabbitOptions } from './wiring.ts';

type Parts = { readonly controller: Type; readonly entities: EntityTarget<ObjectLiteral>[] };

const parts: Readonly<Record<NaiveService, Parts>> = {
  intake: { controller: Intake, entities: [entities.Request] },
  validation: { controller: Validation, entities: [entities.Payee, entities.Bill, entities.Decision] },
  payout: { controller: Payout, entities: [entities.Payable, entities.LedgerTransfer, entities.Payment] },
  remittance: {
    controller: Remittance,
    entities: [entities.DecidedRequest, entities.ScheduledRequest, entities.RemittedRequest],
  },
  audit: { controller: Audit, entities: [entities.AuditEvent] },
};

const [, , name, databaseUrl, brokerUrl, folder] = process.argv as unknown as [
  string,
  string,
  NaiveService,
  string,
  string,
  string,
];
const { controller, entities: own } = parts[name];

@Module({
  controllers: [controller],
  providers: [...providersOf({ brokerUrl, databaseUrl }, own), { provide: 'folder', useValue: folder }],
})
class NaiveModule {}

const app = await NestFactory.createMicroservice<MicroserviceOptions>(NaiveModule, {
  ...rabbitOptions(name, brokerUrl),
  logger: ['error', 'warn'],
});
await app.listen();

/** What the driver asks for, as a user would by HTTP. */
process.on('message', ({ submit, close }: { submit?: string; close?: boolean }) => {
  if (submit) void app.get(Intake).submit(submit);
  if (close) void app.get(Payout).close(folder);
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
