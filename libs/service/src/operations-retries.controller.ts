import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
  Res,
  UseFilters,
} from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { MessageOperations, type PendingRetry } from '@remitflow/messaging';
import { Type } from 'class-transformer';
import type { Response } from 'express';
import { IsInt, IsOptional, Min } from 'class-validator';
import { ByInput, ByReasonInput, ListQuery, tellTotal } from './operations-inputs.ts';
import { RefusalsFilter } from './operations-refusals.filter.ts';

class RetriesQuery extends ListQuery {
  @ApiPropertyOptional({ default: 0 }) @IsOptional() @Type(() => Number) @IsInt() @Min(0) offset: number = 0;
}

/** Messages that are tried again later. */
@ApiTags('operations')
@Controller('ops/retries')
@UseFilters(RefusalsFilter)
export class RetriesController {
  constructor(private readonly operations: MessageOperations) {}

  @Get()
  @ApiOperation({ summary: 'Messages that are tried again later, the next one first. x-total-count: all.' })
  async list(
    @Query() { limit, offset }: RetriesQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PendingRetry[]> {
    const { total, retries } = await this.operations.retries.list({ limit, offset });
    tellTotal(response, total);
    return retries;
  }

  @Post(':messageId/run')
  @HttpCode(202)
  @ApiOperation({ summary: 'Tries a message now instead of when it is due.' })
  async run(@Param('messageId', ParseUUIDPipe) messageId: string, @Body() input: ByInput): Promise<object> {
    await this.operations.retries.hurry(messageId, input);
    return { messageId, state: 'due' };
  }

  @Post(':messageId/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ends the tries of a message and parks it among the dead letters.' })
  async cancel(
    @Param('messageId', ParseUUIDPipe) messageId: string,
    @Body() input: ByReasonInput,
  ): Promise<{ messageId: string; deadLetterId: string }> {
    return { messageId, ...(await this.operations.retries.cancel(messageId, input)) };
  }
}
