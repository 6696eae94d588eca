import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';

/** Who wants something done about money, and why. */
export class PersonsOrder {
  /** Never personal data. */
  @ApiProperty() @IsString() @Length(1, 1000) note: string;
  @ApiProperty() @IsString() @Length(1, 80) by: string;
}
