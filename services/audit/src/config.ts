import { ServiceConfig } from '@remitflow/service';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Min } from 'class-validator';

/** Everything audit can be told from outside. */
export class AuditConfig extends ServiceConfig {
  /** Where checkpoints are copied to, best a place that nobody can rewrite; no copies without it. */
  @IsOptional() @IsString() checkpointsDir?: string;
  @Type(() => Number) @IsInt() @Min(100) checkpointEveryMs = 5_000;
}
