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
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { maskPersonal } from '@remitflow/contracts';
import {
  DeadLetterStore,
  decodeBody,
  MessagingRuntime,
  RetryStore,
  type DeadLetter,
  type PendingRetry,
  type StoredDeadLetter,
} from '@remitflow/messaging';
import { Database } from '@remitflow/persistence';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';

export class ListQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1000) limit = 100;
  @IsOptional() @IsIn(['open', 'redriven']) state: 'open' | 'redriven' = 'open';
}

export class RedriveCommand {
  @ApiProperty({ description: 'Who redrives; kept in the audit trail.', example: 'j.doe' })
  @IsString()
  @Length(1, 80)
  by: string;
}

/** What people who operate a service see of its messages, and what they may do about them. */
@ApiTags('operations')
@Controller('ops')
export class OperationsController {
  constructor(
    private readonly runtime: MessagingRuntime,
    private readonly database: Database,
  ) {}

  @Get('messaging')
  @ApiOperation({ summary: 'Consumer, relay and outbox at this moment.' })
  async messaging(): Promise<object> {
    const [backlog, said] = await Promise.all([this.runtime.backlog(), this.runtime.said()]);
    return { service: this.runtime.service, ...this.runtime.condition(), outbox: { ...backlog, said } };
  }

  @Get('dead-letters')
  @ApiOperation({ summary: 'Parked messages, newest first.' })
  deadLetters(@Query() query: ListQuery): Promise<DeadLetter[]> {
    return this.database.transaction((tx) => new DeadLetterStore(tx).list(query.limit, query.state));
  }

  @Get('dead-letters/:id')
  @ApiOperation({ summary: 'One parked message with its history; personal fields are masked.' })
  async deadLetter(@Param('id', ParseUUIDPipe) id: string): Promise<object> {
    const letter = await this.database.transaction((tx) => new DeadLetterStore(tx).find(id));
    if (!letter)
      throw new NotFoundException({ code: 'dead-letter.unknown', message: 'There is no such dead letter.' });
    const { body, ...rest } = letter;
    return { ...rest, bytes: body.length, body: readable(letter) };
  }

  @Post('dead-letters/:id/redrive')
  @HttpCode(202)
  @ApiOperation({ summary: 'Processes a parked message once more, under its own id.' })
  async redrive(@Param('id', ParseUUIDPipe) id: string, @Body() command: RedriveCommand): Promise<object> {
    await this.runtime.redrive(id, command.by);
    return { deadLetterId: id, state: 'redriven' };
  }

  @Get('retries')
  @ApiOperation({ summary: 'Messages that are tried again later, the next one first.' })
  retries(@Query() query: ListQuery): Promise<PendingRetry[]> {
    return this.database.transaction((tx) => new RetryStore(tx).list(query.limit));
  }
}

function readable({ body, envelope }: StoredDeadLetter): unknown {
  try {
    return maskPersonal(decodeBody(body, envelope.digest));
  } catch {
    return null;
  }
}
