import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { MessagingRuntime } from '@remitflow/messaging';
import type { Response } from 'express';
import { Readiness, type ReadyState } from './readiness.ts';

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly runtime: MessagingRuntime,
    private readonly readiness: Readiness,
  ) {}

  @Get('live')
  @ApiOperation({ summary: 'Whether the process turns at all; says nothing about its dependencies.' })
  live(): { status: 'live'; service: string } {
    return { status: 'live', service: this.runtime.service };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Whether the service consumes its queue, can publish and reaches its database.' })
  async ready(@Res({ passthrough: true }) response: Response): Promise<ReadyState> {
    const state = await this.readiness.look();
    if (!state.ready) response.status(HttpStatus.SERVICE_UNAVAILABLE);
    return state;
  }
}
