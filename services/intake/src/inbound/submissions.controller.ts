import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  Controller,
  Get,
  Headers,
  HttpCode,
  HttpException,
  NotFoundException,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiConsumes, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CannotProceed, uuidV7 } from '@remitflow/kernel';
import { MessagingRuntime } from '@remitflow/messaging';
import { Clock } from '@remitflow/service';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { IntakeConfig } from '../config.ts';
import { progressOf, type Progress } from '../domain/progress.ts';
import type { Submission } from '../domain/submission.ts';
import { RawFiles } from '../outbound/raw-files.gateway.ts';
import { openWork, type Work } from '../outbound/work.ts';
import { receiveSubmission, type Accepted, type Duplicate } from '../use-cases/receive-submission.ts';
import { writeReport, type ReportFormat } from '../use-cases/write-report.ts';
import { ParseSubmissionsJob } from './parse-submissions.job.ts';
import { declaredType } from './raw-bodies.ts';

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
    private readonly runtime: MessagingRuntime,
    private readonly files: RawFiles,
    private readonly config: IntakeConfig,
    private readonly clock: Clock,
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
    @Headers('x-file-name') fileName?: string,
  ): Promise<Accepted & { status: 'received' }> {
    try {
      const accepted = await this.#receive(request, fileName);
      this.job.wake();
      return {
        submissionId: accepted.submissionId,
        status: 'received',
        bytes: accepted.bytes,
        sha256: accepted.sha256,
      };
    } catch (error) {
      if (!request.complete) response.setHeader('connection', 'close');
      request.resume();
      throw error;
    }
  }

  @Get()
  @ApiOperation({ summary: 'The newest submissions.' })
  async list(@Query() { limit }: SubmissionsQuery): Promise<Progress[]> {
    return this.#work(async ({ submissions, outcomes }) => {
      const newest = await submissions.newest(limit);
      const counts = await outcomes.countsOf(newest.map(({ submissionId }) => submissionId));
      return newest.map((submission) => progressOf(submission, counts.get(submission.submissionId) ?? []));
    });
  }

  @Get(':id')
  @ApiOperation({ summary: 'How far a submission is.' })
  async find(@Param('id', ParseUUIDPipe) id: string): Promise<Progress> {
    const submission = await this.#submission(id);
    const counts = await this.#work(({ outcomes }) => outcomes.countsOf([id]));
    return progressOf(submission, counts.get(id) ?? []);
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
    const needs = { work: <T>(perform: (work: Work) => Promise<T>) => this.#work(perform) };
    await pipeline(Readable.from(writeReport(needs, submission, format)), response);
  }

  async #receive(request: IncomingMessage, fileName: string | undefined): Promise<Accepted> {
    const { fileBytesMax } = this.config;
    if (request.headers['content-encoding'] && request.headers['content-encoding'] !== 'identity') {
      throw refused({
        code: 'submission.media-type',
        message: 'Send the file as it is, without content encoding.',
      });
    }
    if (Number(request.headers['content-length'] ?? 0) > fileBytesMax) throw tooLarge(fileBytesMax);
    const needs = {
      files: this.files,
      work: <T>(perform: (work: Work) => Promise<T>) => this.#work(perform),
      newId: () => uuidV7(this.clock.now()),
      now: () => this.clock.now(),
    };
    const received = await receiveSubmission(needs, {
      source: request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>,
      contentType: declaredType(request),
      fileName: cleanName(fileName),
      bytesMax: fileBytesMax,
    }).catch((error: unknown) => {
      if (error instanceof CannotProceed && error.code === 'submission.too-large')
        throw tooLarge(fileBytesMax);
      if (request.readableAborted || request.destroyed) throw new CannotProceed('submission.aborted');
      throw error;
    });
    if (!received.ok) throw refused(received.problem);
    return received.value;
  }

  async #submission(id: string): Promise<Submission> {
    const submission = await this.#work(({ submissions }) => submissions.find(id));
    if (submission) return submission;
    throw new NotFoundException({ code: 'submission.unknown', message: 'There is no such submission.' });
  }

  #work<T>(perform: (work: Work) => Promise<T>): Promise<T> {
    return this.runtime.work((unit) => perform(openWork(unit)));
  }
}

const contentTypes: Readonly<Record<ReportFormat, string>> = {
  json: 'application/json; charset=utf-8',
  text: 'text/plain; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
};

function refused(problem: { code: string; message: string } | Duplicate): HttpException {
  const { code, message } = problem;
  if (!('earlier' in problem)) return new HttpException({ code, message }, statuses[code] ?? 415);
  const { submissionId, status, failure } = problem.earlier;
  return new HttpException({ code, message, duplicateOf: submissionId, status, failure }, 409);
}

const statuses: Readonly<Record<string, number>> = { 'submission.empty': 400, 'submission.text': 422 };

const tooLarge = (bytesMax: number): HttpException =>
  new HttpException(
    { code: 'submission.too-large', message: `A file may have ${bytesMax} bytes at most.`, bytesMax },
    413,
  );

/** The last part of a path, without control characters. */
function cleanName(header: string | undefined): string | undefined {
  if (!header) return undefined;
  const name = decoded(header).split(/[/\\]/).at(-1)!;
  return (
    name
      .replace(/\p{Cc}/gu, '')
      .trim()
      .slice(0, fileNameLengthMax) || undefined
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const fileNameLengthMax = 255;
