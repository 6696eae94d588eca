import { CannotProceed } from '@remitflow/kernel';
import { Body, Controller, Get, NotFoundException, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsString,
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { amountCentsMax } from '../domain/rules/amount-rules.ts';
import { Workbench } from '../outbound/work.ts';

class FeeInput {
  @ApiProperty() @IsString() @Length(1, 48) procedure: string;
  /** For one unit. */
  @ApiProperty() @IsInt() @Min(0) @Max(amountCentsMax) amountCents: number;
}

class FeeScheduleInput {
  @ApiProperty({ type: [FeeInput] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20_000)
  @ArrayUnique((fee: FeeInput) => fee.procedure)
  @ValidateNested({ each: true })
  @Type(() => FeeInput)
  fees: FeeInput[];
}

type FeeSchedule = { name: string; fees: FeeInput[] };

@ApiTags('fee schedules')
@Controller('fee-schedules')
export class FeeSchedulesController {
  constructor(private readonly bench: Workbench) {}

  @Put(':name')
  @ApiOperation({ summary: 'Registers a fee schedule, or puts other fees in the place of its own.' })
  async put(
    @Param('name') name: string,
    @Body() { fees }: FeeScheduleInput,
  ): Promise<{ name: string; fees: number }> {
    if (!/^[\w.-]{1,80}$/.test(name)) {
      const message = 'A fee schedule is named by 1 to 80 letters, digits, dots, hyphens or underscores.';
      throw new CannotProceed('fee-schedule.name', {}, { message });
    }
    await this.bench.work((work) => work.feeSchedules.replace(name, fees));
    return { name, fees: fees.length };
  }

  @Get(':name')
  async show(@Param('name') name: string): Promise<FeeSchedule> {
    const fees = await this.bench.work((work) => work.feeSchedules.fees(name));
    if (fees.length > 0) return { name, fees };
    throw new NotFoundException({
      code: 'fee-schedule.unknown',
      message: 'There is no fee schedule of this name.',
    });
  }
}
