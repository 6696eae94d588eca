import { Controller, Get, Param, ParseUUIDPipe } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '@remitflow/persistence';
import { RemittanceConfig } from '../config.ts';
import { RemittanceFiles } from '../outbound/remittance-files.gateway.ts';
import { RemittanceListStore } from '../outbound/remittance-list.store.ts';
import { openStores } from '../outbound/work.ts';

@ApiTags('remittances')
@Controller()
export class CyclesController {
  readonly #files: RemittanceFiles;
  readonly #list: RemittanceListStore;

  constructor(
    private readonly database: Database,
    config: RemittanceConfig,
  ) {
    this.#files = new RemittanceFiles(config.remittancesDir);
    this.#list = new RemittanceListStore(database);
  }

  @Get('cycles/:id')
  @ApiOperation({ summary: 'Whether all payments and denials of a payment cycle are explained.' })
  async cycle(@Param('id', ParseUUIDPipe) cycleId: string): Promise<object> {
    const { closed, expectedPayments, posted, paidCents, open, fileNames } =
      await this.#list.progressOf(cycleId);
    const complete = closed && posted >= expectedPayments && open === 0;
    const files = fileNames.map((fileName) => this.#files.pathOf(fileName));
    return { cycleId, closed, expectedPayments, posted, complete, paidCents, files };
  }

  @Get('submissions/:id/denials')
  @ApiOperation({ summary: 'How many requests of a submission are known here as denied.' })
  async denials(@Param('id', ParseUUIDPipe) submissionId: string): Promise<{ denied: number }> {
    const denied = await this.database.transaction((tx) => openStores(tx).decided.countDenied(submissionId));
    return { denied };
  }

  @Get('requests/:id')
  @ApiOperation({ summary: 'Where a request is explained: file, byte and segment of its CLP.' })
  async request(@Param('id', ParseUUIDPipe) requestId: string): Promise<object[]> {
    const places = await this.#list.placesOf(requestId);
    return places.map((place) => ({ ...place, path: this.#files.pathOf(place.fileName) }));
  }
}
