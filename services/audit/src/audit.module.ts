import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { defineService } from '@remitflow/service';
import { AuditConfig } from './config.ts';
import { CheckpointJob } from './inbound/checkpoint.job.ts';
import { EveryFactHandler } from './inbound/every-fact.handler.ts';
import { RetentionJob } from './inbound/retention.job.ts';
import { TrailController } from './inbound/trail.controller.ts';
import { hears, says } from './messages.ts';

export const audit = defineService({
  name: 'audit',
  hears,
  says,
  config: AuditConfig,
  migrations: join(import.meta.dirname, 'migrations'),
});

@Module({ controllers: [EveryFactHandler, TrailController], providers: [CheckpointJob, RetentionJob] })
export class AuditModule {}
