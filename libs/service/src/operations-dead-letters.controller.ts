import { Readable } from 'node:stream';
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
  StreamableFile,
  UseFilters,
} from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import {
  MessageOperations,
  type LetterGroup,
  type ListedLetter,
  type ShownLetter,
} from '@remitflow/messaging';
import type { Response } from 'express';
import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import { asCsv, asJson } from './operations-export.ts';
import { ByInput, ByReasonInput, filterOf, LettersQuery, tellTotal, Trimmed } from './operations-inputs.ts';
import { RefusalsFilter } from './operations-refusals.filter.ts';

class ExportQuery extends LettersQuery {
  @ApiPropertyOptional({ enum: ['csv', 'json'], default: 'csv' })
  @IsOptional()
  @IsIn(['csv', 'json'])
  format: 'csv' | 'json' = 'csv';
}

class RedriveOneInput extends ByInput {
  /** Why; kept with the dead letter. Never personal data. */
  @ApiPropertyOptional() @IsOptional() @Trimmed() @IsString() @Length(1, 500) reason?: string;
}

/** Messages that could not be processed. */
@ApiTags('operations')
@Controller('ops/dead-letters')
@UseFilters(RefusalsFilter)
export class DeadLettersController {
  constructor(private readonly operations: MessageOperations) {}

  @Get()
  @ApiOperation({
    summary:
      'Dead letters, newest first; open ones unless another state is asked for. x-total-count: of all pages.',
  })
  async list(
    @Query() query: LettersQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ListedLetter[]> {
    const filter = { ...filterOf(query), state: query.state ?? 'open' };
    const page = { limit: query.limit, after: query.after };
    const { total, deadLetters } = await this.operations.deadLetters.list(filter, page);
    tellTotal(response, total);
    return deadLetters;
  }

  @Get('groups')
  @ApiOperation({ summary: 'Dead letters by cause: how many, since when, in which releases.' })
  groups(@Query() query: LettersQuery): Promise<LetterGroup[]> {
    const filter = { ...filterOf(query), state: query.state ?? 'open' };
    return this.operations.deadLetters.groups(filter, query.limit);
  }

  @Get('export')
  @ApiOperation({ summary: 'Every dead letter of a filter as CSV or JSON; personal fields are masked.' })
  export(@Query() query: ExportQuery): StreamableFile {
    const letters = this.operations.deadLetters.export(filterOf(query));
    const [text, type] =
      query.format === 'csv' ? [asCsv(letters), 'text/csv'] : [asJson(letters), 'application/json'];
    const disposition = `attachment; filename="dead-letters.${query.format}"`;
    return new StreamableFile(Readable.from(text), { type, disposition });
  }

  @Get(':id')
  @ApiOperation({
    summary: 'One dead letter with what was done about it and what came of that; personal fields are masked.',
  })
  show(@Param('id', ParseUUIDPipe) id: string): Promise<ShownLetter> {
    return this.operations.deadLetters.show(id);
  }

  @Post(':id/redrive')
  @HttpCode(202)
  @ApiOperation({ summary: 'Processes a dead letter once more, under its own id.' })
  async redrive(@Param('id', ParseUUIDPipe) id: string, @Body() input: RedriveOneInput): Promise<object> {
    await this.operations.deadLetters.redrive(id, input);
    return { deadLetterId: id, state: 'redriven' };
  }

  @Post(':id/discard')
  @HttpCode(200)
  @ApiOperation({ summary: 'Decides that a dead letter is never processed; it is kept.' })
  async discard(@Param('id', ParseUUIDPipe) id: string, @Body() input: ByReasonInput): Promise<object> {
    await this.operations.deadLetters.discard(id, input);
    return { deadLetterId: id, state: 'discarded' };
  }
}
