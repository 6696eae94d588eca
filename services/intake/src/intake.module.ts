import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { defineService } from '@remitflow/service';
import { IntakeConfig } from './config.ts';
import { EdgeNeeds } from './inbound/edge-needs.ts';
import { EdgeSources } from './inbound/edge-sources.ts';
import { OutcomesHandler } from './inbound/outcomes.handler.ts';
import { ParseSubmissionsJob } from './inbound/parse-submissions.job.ts';
import { ParsingTerms } from './inbound/parsing-terms.ts';
import { RawBodies } from './inbound/raw-bodies.ts';
import { RequestsController } from './inbound/requests.controller.ts';
import { SubmissionsController } from './inbound/submissions.controller.ts';
import { SweepRawFilesJob } from './inbound/sweep-raw-files.job.ts';
import { hears, says } from './messages.ts';
import { RawFiles } from './outbound/raw-files.gateway.ts';

export const intake = defineService({
  name: 'intake',
  hears,
  says,
  config: IntakeConfig,
  migrations: join(import.meta.dirname, 'migrations'),
  monthlyTables: ({ requestsMonths }) =>
    ['requests', 'request_parts', 'findings'].map((table) => ({
      table,
      keptMonths: requestsMonths,
      behindMonths: 1,
    })),
});

const rawFiles = {
  provide: RawFiles,
  inject: [IntakeConfig],
  useFactory: ({ rawFilesDir }: IntakeConfig) => new RawFiles(rawFilesDir),
};

@Module({
  controllers: [OutcomesHandler, RequestsController, SubmissionsController],
  providers: [
    EdgeNeeds,
    EdgeSources,
    ParseSubmissionsJob,
    ParsingTerms,
    RawBodies,
    SweepRawFilesJob,
    rawFiles,
  ],
})
export class IntakeModule {}
