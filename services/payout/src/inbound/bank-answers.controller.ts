import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { OverviewStore } from '../outbound/overview.store.ts';
import { releaseFile } from '../use-cases/release-file.ts';
import { Desk } from './desk.ts';
import { PersonsOrder } from './persons-order.ts';

const answerStates = ['matched', 'unmatched', 'duplicate', 'for-person'];
const fileStates = ['taken', 'for-person'];

class AnswersQuery {
  @ApiPropertyOptional({ enum: answerStates }) @IsOptional() @IsIn(answerStates) state?: string;
  @ApiPropertyOptional() @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1000) limit = 100;
}

class BankFilesQuery {
  @ApiPropertyOptional({ enum: fileStates }) @IsOptional() @IsIn(fileStates) state?: string;
  @ApiPropertyOptional() @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1000) limit = 100;
}

@ApiTags('bank')
@Controller()
export class BankAnswersController {
  constructor(
    private readonly overview: OverviewStore,
    private readonly desk: Desk,
  ) {}

  @Get('bank-answers')
  @ApiOperation({ summary: 'Returns, notices and odd settlements, entry by entry.' })
  answers(@Query() query: AnswersQuery): Promise<object[]> {
    return this.overview.bankAnswers(query);
  }

  @Get('bank-files')
  @ApiOperation({ summary: 'The files the bank sent; `for-person` where one was refused or not understood.' })
  files(@Query() query: BankFilesQuery): Promise<object[]> {
    return this.overview.bankFiles(query);
  }

  @Post('bank-files/:name/release')
  @HttpCode(200)
  @ApiOperation({ summary: 'All payments of a NACHA file that the bank refused are to be paid again.' })
  release(@Param('name') fileName: string, @Body() { note, by }: PersonsOrder): Promise<object> {
    return this.desk.work((work) => releaseFile(work, { fileName, note, by }));
  }

  @Get('notices')
  @ApiOperation({ summary: 'Notifications of change, without the new values.' })
  notices(): Promise<object[]> {
    return this.overview.notices();
  }
}
