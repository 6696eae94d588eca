import { ServiceConfig } from '@remitflow/service';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';

/** Everything audit can be told from outside. */
export class AuditConfig extends ServiceConfig {
  /** Where checkpoints are copied to, best a place that nobody can rewrite; no copies without it. */
  @IsOptional() @IsString() checkpointsDir?: string;
  @Type(() => Number) @IsInt() @Min(100) checkpointEveryMs = 5_000;
  /** Events are kept so many months after they were said; 0 keeps them for ever. */
  @Type(() => Number) @IsInt() @Min(0) @Max(1200) eventsMonths = 120;
  @Type(() => Number) @IsInt() @Min(100) retentionEveryMs = 6 * 60 * 60 * 1000;
}
