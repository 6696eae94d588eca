import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Response } from 'express';
import { letterStates, type LetterFilter, type LetterState } from '@remitflow/messaging';
import { Transform, Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Max, Min } from 'class-validator';

export const listMax = 1000;

export const Trimmed = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));

/** Who acts. */
export class ByInput {
  @ApiProperty({ description: 'Who does it; kept in the audit trail.', example: 'j.doe' })
  @Trimmed()
  @IsString()
  @Length(1, 80)
  by: string;
}

/** Who acts, and why. */
export class ByReasonInput extends ByInput {
  @ApiProperty({ description: 'Why; kept in the audit trail. Never personal data.' })
  @Trimmed()
  @IsString()
  @Length(1, 500)
  reason: string;
}

export class ListQuery {
  @ApiPropertyOptional({ default: 100 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(listMax)
  limit: number = 100;
}

/** Which dead letters are meant. */
export class LettersQuery extends ListQuery implements LetterFilter {
  /** The cause fingerprint of a group. */
  @ApiPropertyOptional() @IsOptional() @IsString() @Length(1, 80) group?: string;
  /** Fact name with major. */
  @ApiPropertyOptional({ example: 'requests.approved.v1' })
  @IsOptional()
  @IsString()
  @Length(1, 80)
  fact?: string;
  @ApiPropertyOptional({ enum: letterStates }) @IsOptional() @IsIn(letterStates) state?: LetterState;
  /** Part of a subject, or of a correlation, message or dead letter id. */
  @ApiPropertyOptional() @IsOptional() @Trimmed() @IsString() @Length(1, 80) text?: string;
  /** The last dead letter of the page before. */
  @ApiPropertyOptional() @IsOptional() @IsUUID('all') after?: string;
}

/** How many there are, where a list is only a page of them. */
export const totalHeader = 'x-total-count';

export function tellTotal(response: Response, total: number): void {
  response.setHeader(totalHeader, total);
}

export const filterOf = ({ group, fact, state, text }: LetterFilter): LetterFilter => ({
  group,
  fact,
  state,
  text,
});
