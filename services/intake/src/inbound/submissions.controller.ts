import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  Controller,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiConsumes, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { progressOf, type Progress } from '../domain/progress.ts';
import type { Submission } from '../domain/submission.ts';
import type { Accepted } from '../use-cases/receive-submission.ts';
import { writeReport, type ReportFormat } from '../use-cases/write-report.ts';
import { EdgeNeeds } from './edge-needs.ts';
import { ParseSubmissionsJob } from './parse-submissions.job.ts';
import { ParsingTerms } from './parsing-terms.ts';
import { takeUpload } from './upload.ts';

export class SubmissionsQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1000) limit = 100;
}

export class ReportQuery {
  @IsOptional() @IsIn(['json', 'text', 'csv']) format: ReportFormat = 'json';
}

/** Files come in here, and their progress and report are asked for. */
@ApiTags('submissions')
@Controller('submissions')
export class SubmissionsController {
  constructor(
    private readonly needs: EdgeNeeds,
    private readonly terms: ParsingTerms,
    private readonly job: ParseSubmissionsJob,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Takes a file of claims of any size: X12 837, CSV or JSON. It is read afterwards.',
  })
  @ApiConsumes('application/edi-x12', 'text/csv', 'application/json', 'application/octet-stream')
  @ApiHeader({ name: 'x-file-name', required: false, description: 'Percent-encoded.' })
  async submit(
    @Req() request: IncomingMessage,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<Accepted & { status: 'received' }> {
    try {
      this.needs.mustTakeWork();
      const { submissionId, bytes, sha256 } = await takeUpload(
        this.needs,
        request,
        this.terms.config.fileBytesMax,
      );
      this.job.wake();
      return { submissionId, status: 'received', bytes, sha256 };
    } catch (error) {
      if (!request.complete) response.setHeader('connection', 'close');
      throw error;
    }
  }

  @Get()
  @ApiOperation({ summary: 'The newest submissions.' })
  async list(@Query() { limit }: SubmissionsQuery): Promise<Progress[]> {
    const wait = await this.terms.wait();
    return this.needs.read(async ({ submissions, outcomes }) => {
      const newest = await submissions.newest(limit);
      const counts = await outcomes.countsOf(newest.map(({ submissionId }) => submissionId));
      return newest.map((submission) =>
        progressOf(submission, counts.get(submission.submissionId) ?? [], wait),
      );
    });
  }

  @Get(':id')
  @ApiOperation({ summary: 'How far a submission is.' })
  async find(@Param('id', ParseUUIDPipe) id: string): Promise<Progress> {
    const submission = await this.#submission(id);
    const counts = await this.needs.read(({ outcomes }) => outcomes.countsOf([id]));
    const wait = submission.status === 'parsing' ? await this.terms.wait() : undefined;
    return progressOf(submission, counts.get(id) ?? [], wait);
  }

  @Get(':id/report')
  @ApiOperation({ summary: 'The File Summary Report: counts, dollars, and every rejection where it stands.' })
  async report(
    @Param('id', ParseUUIDPipe) id: string,
    @Query() { format }: ReportQuery,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const submission = await this.#submission(id);
    response.setHeader('content-type', contentTypes[format]);
    await pipeline(Readable.from(writeReport(this.needs, submission, format)), response);
  }

  async #submission(id: string): Promise<Submission> {
    const submission = await this.needs.read(({ submissions }) => submissions.find(id));
    if (submission) return submission;
    throw new NotFoundException({ code: 'submission.unknown', message: 'There is no such submission.' });
  }
}

const contentTypes: Readonly<Record<ReportFormat, string>> = {
  json: 'application/json; charset=utf-8',
  text: 'text/plain; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
};
