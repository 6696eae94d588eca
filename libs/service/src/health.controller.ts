import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { MessagingRuntime } from '@remitflow/messaging';
import { Database } from '@remitflow/persistence';
import type { Response } from 'express';

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly runtime: MessagingRuntime,
    private readonly database: Database,
  ) {}

  @Get('live')
  @ApiOperation({ summary: 'Whether the process turns at all; says nothing about its dependencies.' })
  live(): { status: 'live'; service: string } {
    return { status: 'live', service: this.runtime.service };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Whether the service consumes its queue, can publish and reaches its database.' })
  async ready(
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ ready: boolean; service: string; reason?: string }> {
    const reason = this.runtime.unreadiness() ?? (await this.#databaseTrouble());
    if (reason) response.status(HttpStatus.SERVICE_UNAVAILABLE);
    return { ready: reason === undefined, service: this.runtime.service, ...(reason ? { reason } : {}) };
  }

  async #databaseTrouble(): Promise<string | undefined> {
    try {
      await this.database.ping();
      return undefined;
    } catch {
      return 'the database does not answer';
    }
  }
}
