import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { factsHeardBy, factsSaidBy, factsUnderstoodBy, type FactContract } from '@remitflow/contracts';
import { inFlightVersions, MessagingRuntime } from '@remitflow/messaging';
import { Database } from '@remitflow/persistence';

/** Which versions of facts this release of the service speaks, and which are in flight: see docs/contracts.md. */
@ApiTags('operations')
@Controller('ops')
export class ContractsController {
  constructor(
    private readonly runtime: MessagingRuntime,
    private readonly database: Database,
  ) {}

  @Get('contracts')
  @ApiOperation({
    summary: 'What the service says and hears, and the versions that are in flight on its side.',
  })
  async contracts(): Promise<object> {
    const { service } = this.runtime;
    const heard = factsHeardBy(service);
    return {
      service,
      says: factsSaidBy(service).map(({ name, heardBy }) => ({ fact: name, to: heardBy })),
      hears: named(heard),
      readsOlder: named(factsUnderstoodBy(service).filter((fact) => !heard.includes(fact))),
      inFlight: await inFlightVersions(this.database),
    };
  }
}

const named = (facts: readonly FactContract[]): string[] => facts.map(({ name }) => name);
