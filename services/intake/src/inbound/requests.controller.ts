import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  BadRequestException,
  Body,
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
  Res,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Matches, Max, Min } from 'class-validator';
import { requestDetail, requestView, type RequestDetail, type RequestView } from '../domain/request-view.ts';
import { requestStatuses, type RequestStatus } from '../domain/status.ts';
import type { WholeRequest } from '../domain/stored-request.ts';
import { submitRequest, type SubmittedIds } from '../use-cases/submit-request.ts';
import { EdgeNeeds } from './edge-needs.ts';

export class RequestsQuery {
  @IsOptional() @IsUUID() submissionId?: string;
  @IsOptional() @IsIn(requestStatuses) status?: RequestStatus;
  @IsOptional() @IsString() @Length(1, 80) @Matches(/^\P{Cc}*$/u) claimId?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1000) limit = 100;
}

/** Nothing is taken for a request that was not sent as one: the key would be used up by it. */
function asJson(body: object | undefined, contentType = ''): object {
  if (!/^application\/([\w.-]+\+)?json\b/i.test(contentType)) {
    const message = 'A request is sent as application/json.';
    throw new UnsupportedMediaTypeException({ code: 'media-type.unsupported', message });
  }
  if (body === undefined || (!Array.isArray(body) && Object.keys(body).length === 0)) {
    const message = 'The body is empty: it must be one JSON object.';
    throw new BadRequestException({ code: 'request.empty', message });
  }
  return body;
}

const exampleRequest = {
  claimId: 'ACCT-1001',
  frequency: '1',
  facilityCode: '11',
  billingProvider: { npi: '1234567893', taxId: '123456789', name: 'NORTH CLINIC' },
  subscriber: { memberId: 'M1', lastName: 'DOE', firstName: 'JO', birthDate: '1980-02-29' },
  payerId: 'PLAN1',
  billedCents: 125_00,
  diagnoses: ['J069'],
  lines: [
    { procedure: '99213', modifiers: ['25'], chargeCents: 125_00, units: '1', serviceFrom: '2026-11-01' },
  ],
};

/** Requests one by one: sent as JSON, listed, shown with the bytes they came from. */
@ApiTags('requests')
@Controller('requests')
export class RequestsController {
  constructor(private readonly needs: EdgeNeeds) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Takes one request in the shape of an entry of a JSON file.' })
  @ApiBody({ schema: { type: 'object', example: exampleRequest } })
  @ApiHeader({ name: 'Idempotency-Key', required: true, description: 'The same key is taken once.' })
  async submit(
    @Body() body: object | undefined,
    @Headers() headers: Readonly<Record<string, string | undefined>>,
  ): Promise<SubmittedIds> {
    this.needs.mustTakeWork();
    const key = headers['idempotency-key'];
    if (!key || key.length > keyLengthMax) {
      const message = `An Idempotency-Key header of 1 to ${keyLengthMax} characters is required.`;
      throw new BadRequestException({ code: 'idempotency-key.missing', message });
    }
    const submitted = await submitRequest(this.needs, { key, body: asJson(body, headers['content-type']) });
    if (submitted.ok) return submitted.value;
    throw new HttpException(submitted.problem, 422);
  }

  @Get()
  @ApiOperation({ summary: 'Requests by submission, status or claim id.' })
  async list(@Query() query: RequestsQuery): Promise<RequestView[]> {
    return (await this.needs.read(({ requests }) => requests.list(query))).map(requestView);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One request: where it stood, what was found, what happened to it.' })
  async find(@Param('id', ParseUUIDPipe) id: string): Promise<RequestDetail> {
    return requestDetail(await this.#request(id));
  }

  @Get(':id/source')
  @ApiOperation({ summary: 'The bytes of the claim as they were received.' })
  async source(@Param('id', ParseUUIDPipe) id: string, @Res() response: ServerResponse): Promise<void> {
    const { path, byteOffset, byteLength } = await this.#request(id);
    response.setHeader('content-type', 'text/plain');
    const range = { start: byteOffset, end: byteOffset + byteLength };
    await pipeline(Readable.from(this.needs.files.read(path, range)), response);
  }

  async #request(id: string): Promise<WholeRequest> {
    const request = await this.needs.read(({ requests }) => requests.find(id));
    if (request) return request;
    throw new NotFoundException({ code: 'request.unknown', message: 'There is no such request.' });
  }
}

const keyLengthMax = 200;
