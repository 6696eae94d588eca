import { CannotProceed } from '@remitflow/kernel';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
  Req,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import { ApiConsumes, ApiOperation, ApiPropertyOptional, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import type { Request } from 'express';
import { readRegistration, type Cells } from '../domain/payee-registration.ts';
import { payeeIdOf } from '../domain/registered-payee.ts';
import { readPayeeCsv } from '../outbound/payee-csv.gateway.ts';
import { PayeeView, type PayeeDetails, type PayeeSummary } from '../outbound/payee-view.store.ts';
import { Workbench } from '../outbound/work.ts';
import { importPayees, type ImportReport } from '../use-cases/import-payees.ts';
import { registerPayees } from '../use-cases/register-payees.ts';
import { releaseAccount } from '../use-cases/release-account.ts';

class AddressInput {
  @ApiProperty() @IsString() @Length(1, 55) line1: string;
  @ApiProperty() @IsString() @Length(1, 30) city: string;
  @ApiProperty() @IsString() @Length(2, 2) state: string;
  @ApiProperty() @IsString() @Length(5, 10) zip: string;
}

class PayeeInput {
  @ApiProperty() @IsString() @MaxLength(20) npi: string;
  @ApiProperty() @IsString() @MaxLength(20) taxId: string;
  @ApiProperty() @IsString() @MaxLength(200) name: string;
  @ApiPropertyOptional() @IsOptional() @ValidateNested() @Type(() => AddressInput) address?: AddressInput;
  @ApiProperty() @IsString() @MaxLength(20) routingNumber: string;
  @ApiProperty() @IsString() @MaxLength(40) accountNumber: string;
  @ApiPropertyOptional() @IsOptional() @IsIn(['checking', 'savings']) accountType?: string;
  @ApiPropertyOptional() @IsOptional() @Matches(/^\d{4}-\d{2}-\d{2}$/) contractFrom?: string;
  @ApiPropertyOptional() @IsOptional() @Matches(/^\d{4}-\d{2}-\d{2}$/) contractTo?: string;
  @ApiPropertyOptional() @IsOptional() @IsIn(['percent', 'fee-schedule']) pricing?: string;
  @ApiPropertyOptional()
  @IsOptional()
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0)
  @Max(100)
  percent?: number;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(80) feeSchedule?: string;
}

class PayeesQuery {
  @ApiPropertyOptional() @IsOptional() @Matches(/^\d{10}$/) npi?: string;
  @ApiPropertyOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1000) limit: number = 100;
}

const streamedTypes = ['text/csv', 'application/csv', 'text/plain', 'application/octet-stream'];

@ApiTags('payees')
@Controller('payees')
export class PayeesController {
  constructor(
    private readonly bench: Workbench,
    private readonly view: PayeeView,
  ) {}

  @Post('import')
  @HttpCode(200)
  @ApiConsumes('text/csv')
  @ApiOperation({ summary: 'Registers the good rows of a CSV file and reports the others; safe to repeat.' })
  async import(@Req() request: Request): Promise<ImportReport> {
    const type = (request.headers['content-type'] ?? 'text/csv').split(';')[0]!.trim().toLowerCase();
    if (!streamedTypes.includes(type)) {
      throw new UnsupportedMediaTypeException({
        code: 'media-type.unsupported',
        message: 'Send the payees as text/csv.',
      });
    }
    return importPayees({ inWork: (perform) => this.bench.work(perform) }, readPayeeCsv(request));
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Registers one payee, or what has changed about it.' })
  async register(@Body() input: PayeeInput): Promise<{ payeeId: string; changed: boolean }> {
    return this.bench.work(async (work) => {
      const read = readRegistration(toCells(input), await work.feeSchedules.names());
      if (!read.ok) {
        const message = read.problem.map((problem) => problem.message).join(' ');
        throw new CannotProceed(read.problem[0]!.code, {}, { message });
      }
      const changed = await registerPayees(work, [read.value]);
      return { payeeId: payeeIdOf(read.value.npi), changed: changed > 0 };
    });
  }

  @Get()
  list(@Query() { npi, limit }: PayeesQuery): Promise<PayeeSummary[]> {
    return this.view.list({ npi, limit });
  }

  @Get(':id')
  async show(@Param('id', ParseUUIDPipe) payeeId: string): Promise<PayeeDetails> {
    return (await this.view.find(payeeId)) ?? unknownPayee();
  }

  @Post(':id/account/release')
  @HttpCode(200)
  @ApiOperation({ summary: 'Makes the suspended account payable again, after a person has cleared it.' })
  async release(@Param('id', ParseUUIDPipe) payeeId: string): Promise<PayeeDetails> {
    await this.bench.work(async (work) => {
      if (await releaseAccount(work, payeeId)) return;
      throw new CannotProceed(
        'account.not-suspended',
        {},
        { message: 'The payee has no suspended account.' },
      );
    });
    return (await this.view.find(payeeId)) ?? unknownPayee();
  }
}

function unknownPayee(): never {
  throw new NotFoundException({ code: 'payee.unknown', message: 'There is no payee with this id.' });
}

/** The same words as a row of the file, so that both doors check alike. */
function toCells(input: PayeeInput): Cells {
  const cells: Cells = {
    npi: input.npi,
    tax_id: input.taxId,
    name: input.name.trim(),
    routing: input.routingNumber,
    account: input.accountNumber,
    account_type: input.accountType,
    contract_from: input.contractFrom,
    contract_to: input.contractTo,
    pricing: input.pricing,
    percent: input.percent === undefined ? undefined : String(input.percent),
    fee_schedule: input.feeSchedule,
    ...(input.address ?? {}),
  };
  return cells;
}
