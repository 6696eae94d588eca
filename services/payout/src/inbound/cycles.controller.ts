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
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { cutOffTimeZone } from '../domain/cut-off.ts';
import { OverviewStore, type CycleOverview } from '../outbound/overview.store.ts';
import { RailGateway } from '../outbound/rail.gateway.ts';
import { CycleCloser } from './cycle-closer.ts';
import { PersonsOrder } from './persons-order.ts';

class CloseCommand {
  @ApiPropertyOptional() @IsOptional() @IsString() @Length(1, 200) reason?: string;
}

class CyclesQuery {
  @ApiPropertyOptional() @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1000) limit = 50;
}

type ShownCycle = Omit<CycleOverview, 'fileName'> & { nachaFiles: string[] };

@ApiTags('cycles')
@Controller()
export class CyclesController {
  constructor(
    private readonly closer: CycleCloser,
    private readonly overview: OverviewStore,
    private readonly rail: RailGateway,
  ) {}

  @Post('cycles/close')
  @HttpCode(200)
  @ApiOperation({ summary: 'Pays what is open now; answers when the file is written.' })
  async close(@Body() command?: CloseCommand): Promise<object> {
    const cycleIds = await this.closer.closeNow(command?.reason ?? 'by command');
    return answerOf(
      (await this.overview.cycles({ cycleIds, limit: cycleIds.length })).map((cycle) => this.#shown(cycle)),
    );
  }

  @Post('cycles/:id/resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'Tries a stuck cycle again, when its cause is mended.' })
  async resume(@Param('id', ParseUUIDPipe) cycleId: string): Promise<object> {
    await this.#cycle(cycleId);
    await this.closer.resume(cycleId);
    return this.#cycle(cycleId);
  }

  @Post('cycles/:id/abandon')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Gives a cycle up whose file the bank cannot have seen; its requests are open again.',
  })
  async abandon(
    @Param('id', ParseUUIDPipe) cycleId: string,
    @Body() { note, by }: PersonsOrder,
  ): Promise<object> {
    await this.#cycle(cycleId);
    return this.closer.abandon({ cycleId, note, by });
  }

  @Get('cycles')
  async list(@Query() { limit }: CyclesQuery): Promise<object[]> {
    return (await this.overview.cycles({ limit })).map((cycle) => this.#shown(cycle));
  }

  @Get('cycles/:id')
  show(@Param('id', ParseUUIDPipe) cycleId: string): Promise<object> {
    return this.#cycle(cycleId);
  }

  @Get('cut-off')
  cutOff(): object {
    return { next: this.closer.nextCutOff()?.toISOString() ?? null, timeZone: cutOffTimeZone };
  }

  @Get('ledger')
  ledger(): Promise<object[]> {
    return this.overview.balances();
  }

  async #cycle(cycleId: string) {
    const [cycle] = await this.overview.cycles({ cycleIds: [cycleId], limit: 1 });
    if (!cycle) throw new NotFoundException({ code: 'cycle.unknown', message: 'There is no such cycle.' });
    return this.#shown(cycle);
  }

  #shown({ fileName, ...cycle }: CycleOverview): ShownCycle {
    return { ...cycle, nachaFiles: fileName === null ? [] : [this.rail.pathOf(fileName)] };
  }
}

/**
 * One command can close several cycles, when a crash left some behind: the newest that pays anything stands for them,
 * and the sums are those of all.
 */
function answerOf(newestFirst: readonly ShownCycle[]) {
  const paying = newestFirst.filter(({ payments }) => payments > 0);
  const told = paying.length > 0 ? paying : newestFirst.slice(0, 1);
  const sum = (field: 'payments' | 'requests' | 'paidCents'): number =>
    newestFirst.reduce((total, cycle) => total + cycle[field], 0);
  return {
    ...told[0],
    payments: sum('payments'),
    requests: sum('requests'),
    paidCents: sum('paidCents'),
    heldBack: newestFirst[0]?.heldBack,
    nachaFiles: newestFirst.flatMap(({ nachaFiles }) => nachaFiles),
    cycleIds: told.map(({ cycleId }) => cycleId),
    cycles: newestFirst,
  };
}
