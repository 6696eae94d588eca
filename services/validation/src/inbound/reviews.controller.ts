import { CannotProceed } from '@remitflow/kernel';
import {
  Body,
  ConflictException,
  Controller,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
} from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Clock } from '@remitflow/service';
import { Transform, Type } from 'class-transformer';
import { IsIn, IsInt, IsString, Length, Max, Min } from 'class-validator';
import type { ReviewDecision } from '../domain/decision.ts';
import { DecisionView, type WaitingReview } from '../outbound/decision-view.store.ts';
import { Workbench } from '../outbound/work.ts';
import { decideReview, type ReviewProblem } from '../use-cases/decide-review.ts';

const Trimmed = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));

class ReviewInput {
  @ApiProperty({ enum: ['approve', 'deny', 'reject'] })
  @IsIn(['approve', 'deny', 'reject'])
  decision: ReviewDecision;
  /** Why; the provider reads it when the claim is rejected. Never personal data. */
  @ApiProperty() @Trimmed() @IsString() @Length(1, 600) note: string;
  /** Who decides, as it is kept with the decision. */
  @ApiPropertyOptional({ default: 'unknown' })
  @Trimmed()
  @IsString()
  @Length(1, 80)
  reviewer: string = 'unknown';
}

class ReviewsQuery {
  @ApiPropertyOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1000) limit: number = 100;
}

@ApiTags('reviews')
@Controller('reviews')
export class ReviewsController {
  constructor(
    private readonly bench: Workbench,
    private readonly view: DecisionView,
    private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Claims that wait for a person, the longest waiting first.' })
  list(@Query() { limit }: ReviewsQuery): Promise<WaitingReview[]> {
    return this.view.waiting(limit);
  }

  @Post(':requestId/decision')
  @HttpCode(200)
  @ApiOperation({ summary: 'Approves, denies or rejects a held claim, once.' })
  async decide(
    @Param('requestId', ParseUUIDPipe) requestId: string,
    @Body() { decision, note, reviewer }: ReviewInput,
  ): Promise<{ requestId: string; outcome: string }> {
    const command = { requestId, decision, note, reviewer, reviewedAt: this.clock.now() };
    const settled = await this.bench.work((work) => decideReview(work, command));
    if (!settled.ok) throw refusals[settled.problem]();
    return { requestId, outcome: settled.value };
  }
}

const refusals: Readonly<Record<ReviewProblem, () => Error>> = {
  'review.unknown-request': () =>
    new NotFoundException({
      code: 'review.unknown-request',
      message: 'There is no decision about this request.',
    }),
  'review.not-held': () =>
    new ConflictException({
      code: 'review.not-held',
      message: 'The claim does not wait for a review (any more).',
    }),
  'review.payee-not-payable': () =>
    new CannotProceed(
      'review.payee-not-payable',
      {},
      { message: 'The payee or its bank account is not active now, so the claim cannot be approved.' },
    ),
};
