import { pipeline } from 'node:stream/promises';
import {
  ConflictException,
  Controller,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { remittanceKinds } from '@remitflow/contracts';
import { Database } from '@remitflow/persistence';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
import type { Response } from 'express';
import { RemittanceConfig } from '../config.ts';
import type { NumberedRemittance } from '../domain/remittance.ts';
import { RemittanceFiles } from '../outbound/remittance-files.gateway.ts';
import { RemittanceListStore, type RemittanceSummary } from '../outbound/remittance-list.store.ts';
import { csvOf } from '../outbound/csv.ts';
import { openStores } from '../outbound/work.ts';
import { tableColumns } from '../domain/remittance-table.ts';
import { exportTable } from '../use-cases/export-table.ts';
import { IssueJob } from './issue.job.ts';

export class RemittancesQuery {
  @IsOptional() @IsUUID() cycleId?: string;
  @IsOptional() @IsUUID() payeeId?: string;
  @IsOptional() @IsIn(remittanceKinds) kind?: string;
  @IsOptional() @IsIn(['due', 'posted', 'failed']) state?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(10_000) limit = 100;
}

@ApiTags('remittances')
@Controller('remittances')
export class RemittancesController {
  readonly #files: RemittanceFiles;
  readonly #list: RemittanceListStore;

  constructor(
    private readonly database: Database,
    private readonly config: RemittanceConfig,
    private readonly issuing: IssueJob,
  ) {
    this.#files = new RemittanceFiles(config.remittancesDir);
    this.#list = new RemittanceListStore(database);
  }

  @Get()
  @ApiOperation({ summary: 'Remittances, the newest first.' })
  async list(@Query() query: RemittancesQuery): Promise<object[]> {
    return (await this.#list.list(query)).map((remittance) => this.#shown(remittance));
  }

  @Get(':id')
  @ApiOperation({ summary: 'One remittance: its file, its digest, what became of its payment.' })
  async one(@Param('id', ParseUUIDPipe) remittanceId: string): Promise<object> {
    const remittance = await this.#list.find(remittanceId);
    if (!remittance) throw unknown();
    return this.#shown(remittance);
  }

  @Get(':id/835')
  @ApiOperation({ summary: 'The 835 as it was written.' })
  async file(@Param('id', ParseUUIDPipe) remittanceId: string, @Res() response: Response): Promise<void> {
    const { fileName } = await this.#posted(remittanceId);
    response.setHeader('content-type', 'application/edi-x12');
    response.setHeader('content-disposition', `attachment; filename="${fileName}"`);
    await pipeline(this.#files.read(fileName), response);
  }

  @Get(':id/csv')
  @ApiOperation({ summary: 'The same numbers as a table, a row per service line.' })
  async table(@Param('id', ParseUUIDPipe) remittanceId: string, @Res() response: Response): Promise<void> {
    const remittance = await this.#posted(remittanceId);
    response.setHeader('content-type', 'text/csv; charset=utf-8');
    response.setHeader(
      'content-disposition',
      `attachment; filename="${remittance.fileName.replace(/\.835$/, '.csv')}"`,
    );
    await this.database.transaction((tx) => {
      const rows = exportTable(openStores(tx), remittance, this.config.claimFilingIndicator);
      return pipeline(csvOf(tableColumns, rows), response);
    });
  }

  @Post(':id/retry')
  @HttpCode(202)
  @ApiOperation({ summary: 'Tries a failed remittance again, after its cause was mended.' })
  async retry(@Param('id', ParseUUIDPipe) remittanceId: string): Promise<object> {
    const retried = await this.database.transaction((tx) => openStores(tx).remittances.retry(remittanceId));
    if (!retried)
      throw new ConflictException({
        code: 'remittance.not-failed',
        message: 'This remittance has not failed.',
      });
    this.issuing.expect();
    return { remittanceId, state: 'due' };
  }

  async #posted(remittanceId: string): Promise<NumberedRemittance> {
    const remittance = await this.database.transaction((tx) => openStores(tx).remittances.find(remittanceId));
    if (!remittance) throw unknown();
    if (remittance.state !== 'posted')
      throw new ConflictException({ code: 'remittance.not-posted', message: 'Its 835 is not yet written.' });
    return remittance;
  }

  #shown(remittance: RemittanceSummary): object {
    const { fileName, state } = remittance;
    const path = fileName && state === 'posted' ? this.#files.pathOf(fileName) : null;
    return { ...remittance, path };
  }
}

const unknown = (): NotFoundException =>
  new NotFoundException({ code: 'remittance.unknown', message: 'There is no such remittance.' });
