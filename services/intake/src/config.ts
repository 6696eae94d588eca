import { ServiceConfig } from '@remitflow/service';
import { Transform, Type } from 'class-transformer';
import { IsIn, IsInt, IsString, Max, Min, MinLength } from 'class-validator';

const gibibyte = 1024 ** 3;

/** Everything intake can be told from outside. */
export class IntakeConfig extends ServiceConfig {
  /** Where files are kept as they came; one folder for all processes of intake. */
  @IsString() @MinLength(1) rawFilesDir: string;
  /** ISA08 values that mean us, with commas between; none: any receiver is taken. */
  @Transform(({ value }) => (Array.isArray(value) ? value : listOf(String(value))))
  @IsString({ each: true })
  receiverIds: readonly string[] = [];
  /** Files whose ISA15 is T are read and flagged, or refused. */
  @IsIn(['accept', 'refuse']) testFiles: 'accept' | 'refuse' = 'accept';
  @Type(() => Number) @IsInt() @Min(1) fileBytesMax = 2 * gibibyte;
  /** Requests, where they stood and what was found are kept so many months after they came in. */
  @Type(() => Number) @IsInt() @Min(1) @Max(1200) requestsMonths = 120;
  /** Files are read no further while more facts than this wait for the broker … */
  @Type(() => Number) @IsInt() @Min(1) outboxRowsMax = 50;
  /**
   * … or more parts of files for validation, which takes one after the other: few, for a single request waits behind
   * them, but enough that validation always has the next one at hand …
   */
  @Type(() => Number) @IsInt() @Min(1) partsAheadMax = 3;
  /** … or more facts for anybody: one that is away for long must not fill the database and the broker. */
  @Type(() => Number) @IsInt() @Min(1) factsAheadMax = 500;
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
