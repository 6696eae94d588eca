import {
  BadRequestException,
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
  UseFilters,
} from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import {
  MessageOperations,
  type Run,
  type Selection,
  type ShownRun,
  type StartedRun,
} from '@remitflow/messaging';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Max,
  Min,
} from 'class-validator';
import { ByReasonInput, ListQuery, Trimmed } from './operations-inputs.ts';
import { RefusalsFilter } from './operations-refusals.filter.ts';

/** Dead letters that may be named one by one; more are meant by a group or another filter. */
export const selectedIdsMax = 10_000;
export const perSecondMax = 500;
const stagesMax = 10;

class StartInput extends ByReasonInput {
  /** These, all of them, or none. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(selectedIdsMax)
  @IsUUID('all', { each: true })
  ids?: string[];
  /** All open ones of this group … */
  @ApiPropertyOptional() @IsOptional() @IsString() @Length(1, 80) group?: string;
  /** … of this fact … */
  @ApiPropertyOptional() @IsOptional() @IsString() @Length(1, 80) fact?: string;
  /** … with this in their subject or ids … */
  @ApiPropertyOptional() @IsOptional() @Trimmed() @IsString() @Length(1, 80) text?: string;
  /** … or really all. */
  @ApiPropertyOptional() @IsOptional() @IsBoolean() all?: boolean;
  /** How many were shown; when there are more or fewer by now, nothing is redriven. */
  @ApiPropertyOptional() @IsOptional() @IsInt() @Min(1) expected?: number;
  @ApiPropertyOptional({ default: 20 }) @IsOptional() @IsInt() @Min(1) @Max(perSecondMax) perSecond: number =
    20;
  /** How many are sent before their outcomes are waited for; after the last, the rest. Empty: no canary. */
  @ApiPropertyOptional({ default: [1, 10, 100] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(stagesMax)
  @IsInt({ each: true })
  @Min(1, { each: true })
  canary: number[] = [1, 10, 100];
  /** More failures than this, and it stops by itself. */
  @ApiPropertyOptional({ default: 0 }) @IsOptional() @IsInt() @Min(0) @Max(1_000_000) failureLimit: number =
    0;
}

/** Redrives of many dead letters: a frozen list, a rate, a canary. */
@ApiTags('operations')
@Controller('ops/redrives')
@UseFilters(RefusalsFilter)
export class RedrivesController {
  constructor(private readonly operations: MessageOperations) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Takes dead letters and begins to redrive them; nobody else can have them meanwhile.',
  })
  async start(@Body() input: StartInput): Promise<StartedRun> {
    const { by, reason, expected, perSecond, failureLimit } = input;
    const canary = [...new Set(input.canary)].sort((one, other) => one - other);
    const pace = { perSecond, canary, failureLimit };
    const selection = selectionOf(input);
    const started = await this.operations.redrives.start({ selection, pace, by, reason, expected });
    this.operations.runner.wake();
    return started;
  }

  @Get()
  @ApiOperation({ summary: 'Redrives, newest first.' })
  list(@Query() { limit }: ListQuery): Promise<Run[]> {
    return this.operations.redrives.list(limit);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One redrive: how far it is, why it does not go on, what failed.' })
  show(@Param('id', ParseUUIDPipe) id: string): Promise<ShownRun> {
    return this.operations.redrives.show(id);
  }

  @Post(':id/pause')
  @HttpCode(200)
  @ApiOperation({ summary: 'Sends no more for now, and keeps what it has taken.' })
  pause(@Param('id', ParseUUIDPipe) id: string, @Body() input: ByReasonInput): Promise<Run> {
    return this.operations.redrives.pause(id, input);
  }

  @Post(':id/stop')
  @HttpCode(200)
  @ApiOperation({ summary: 'Sends no more, and opens what it has not sent.' })
  stop(@Param('id', ParseUUIDPipe) id: string, @Body() input: ByReasonInput): Promise<Run> {
    return this.operations.redrives.stop(id, input);
  }

  @Post(':id/resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'Goes on with what is not sent and still open, with the canary from the start.' })
  async resume(@Param('id', ParseUUIDPipe) id: string, @Body() input: ByReasonInput): Promise<Run> {
    const run = await this.operations.redrives.resume(id, input);
    this.operations.runner.wake();
    return run;
  }
}

function selectionOf({ ids, group, fact, text, all }: StartInput): Selection {
  const isFiltered = group !== undefined || fact !== undefined || text !== undefined;
  if ([ids !== undefined, isFiltered, all === true].filter(Boolean).length !== 1) {
    throw new BadRequestException({
      code: 'redrive.selection',
      message: 'Name ids, or a filter (group, fact, text), or all: exactly one of these.',
    });
  }
  return ids ? { ids: [...new Set(ids)] } : { filter: { group, fact, text } };
}
