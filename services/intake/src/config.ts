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
  /** No further requests are said while so many facts wait for the broker. */
  @Type(() => Number) @IsInt() @Min(1) outboxRowsMax = 200;
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
