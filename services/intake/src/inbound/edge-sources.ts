import { Injectable } from '@nestjs/common';
import { Database } from '@remitflow/persistence';
import { Clock } from '@remitflow/service';
import { RawFiles } from '../outbound/raw-files.gateway.ts';

/** Where intake's edge gets things from. */
@Injectable()
export class EdgeSources {
  constructor(
    readonly files: RawFiles,
    readonly database: Database,
    readonly clock: Clock,
  ) {}
}
