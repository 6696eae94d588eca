import { Controller, Get, NotFoundException, Param, ParseUUIDPipe } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DecisionView, type DecisionDetails } from '../outbound/decision-view.store.ts';

@ApiTags('decisions')
@Controller('decisions')
export class DecisionsController {
  constructor(private readonly view: DecisionView) {}

  @Get(':requestId')
  @ApiOperation({ summary: 'What was decided about a request, by which rules, contract and person.' })
  async show(@Param('requestId', ParseUUIDPipe) requestId: string): Promise<DecisionDetails> {
    const decision = await this.view.find(requestId);
    if (decision) return decision;
    throw new NotFoundException({
      code: 'decision.unknown',
      message: 'No decision about this request has been made.',
    });
  }
}
