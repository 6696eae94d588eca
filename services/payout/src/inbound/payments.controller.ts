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
} from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
import { OverviewStore } from '../outbound/overview.store.ts';
import { RailGateway } from '../outbound/rail.gateway.ts';
import { reissuePayment } from '../use-cases/reissue-payment.ts';
import { Desk } from './desk.ts';
import { PersonsOrder } from './persons-order.ts';

const statuses = ['scheduled', 'sent', 'settled', 'returned', 'refused', 'reissued', 'abandoned'];

class PaymentsQuery {
  @ApiPropertyOptional() @IsOptional() @IsUUID() cycleId?: string;
  @ApiPropertyOptional({ enum: statuses }) @IsOptional() @IsIn(statuses) status?: string;
  @ApiPropertyOptional() @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(10_000) limit = 100;
}

type Row = Record<string, unknown>;

@ApiTags('payments')
@Controller()
export class PaymentsController {
  constructor(
    private readonly overview: OverviewStore,
    private readonly rail: RailGateway,
    private readonly desk: Desk,
  ) {}

  @Get('payments')
  async list(@Query() query: PaymentsQuery): Promise<Row[]> {
    return (await this.overview.payments(query)).map((row) => this.#shown(row));
  }

  @Get('payments/:id')
  async show(@Param('id', ParseUUIDPipe) paymentId: string): Promise<Row> {
    const [row] = await this.overview.payments({ paymentId, limit: 1 });
    if (!row) throw new NotFoundException({ code: 'payment.unknown', message: 'There is no such payment.' });
    return this.#shown(row);
  }

  @Post('payments/:id/reissue')
  @HttpCode(200)
  @ApiOperation({ summary: 'A returned or refused payment is to be paid again, in the next cycle.' })
  async reissue(
    @Param('id', ParseUUIDPipe) paymentId: string,
    @Body() { note, by }: PersonsOrder,
  ): Promise<{ requests: number }> {
    const requests = await this.desk.work((work) => reissuePayment(work, { paymentId, note, by }));
    return { requests };
  }

  @Get('submissions/:id/payables')
  payables(@Param('id', ParseUUIDPipe) submissionId: string): Promise<{ payables: number; cents: number }> {
    return this.overview.submissionPayables(submissionId);
  }

  @Get('requests/:id')
  async request(@Param('id', ParseUUIDPipe) requestId: string): Promise<Row> {
    const row = await this.overview.request(requestId);
    if (!row) {
      throw new NotFoundException({ code: 'request.unknown', message: 'There is no such payable request.' });
    }
    return this.#shown(row);
  }

  #shown({ fileName, returnCode, returnReason, settledOn, ...row }: Row): Row {
    return {
      ...row,
      nachaFile: typeof fileName === 'string' ? this.rail.pathOf(fileName) : null,
      ...(settledOn !== null && { settledOn }),
      ...(returnCode !== null && { returned: { code: returnCode, reason: returnReason } }),
    };
  }
}
