import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
  UseFilters,
} from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { MessageOperations, type EditCheck, type Proposal, type ProposalState } from '@remitflow/messaging';
import { IsIn, IsObject, IsOptional, IsUUID } from 'class-validator';
import { ByInput, ByReasonInput, ListQuery } from './operations-inputs.ts';
import { RefusalsFilter } from './operations-refusals.filter.ts';

const proposalStates = ['waiting', 'approved', 'refused', 'overtaken'] as const;

const bodyDescription = 'The whole body in its new words; what was masked may be left as it is shown.';

class EditBody {
  @ApiProperty({ description: bodyDescription, type: Object }) @IsObject() body: object;
}

class ProposeInput extends ByReasonInput {
  @ApiProperty({ description: bodyDescription, type: Object }) @IsObject() body: object;
}

class EditsQuery extends ListQuery {
  @ApiPropertyOptional({ enum: proposalStates }) @IsOptional() @IsIn(proposalStates) state?: ProposalState;
  @ApiPropertyOptional() @IsOptional() @IsUUID('all') deadLetterId?: string;
}

/** Other words for dead letters: one person proposes them, a second one decides. */
@ApiTags('operations')
@Controller('ops')
@UseFilters(RefusalsFilter)
export class EditsController {
  constructor(private readonly operations: MessageOperations) {}

  @Get('dead-letters/:id/editable')
  @ApiOperation({
    summary: 'The body of a dead letter with marks in the place of personal values, to be edited.',
  })
  editable(@Param('id', ParseUUIDPipe) id: string): Promise<{ factName: string; body: unknown }> {
    return this.operations.edits.editable(id);
  }

  @Post('dead-letters/:id/edits/check')
  @HttpCode(200)
  @ApiOperation({ summary: 'What an edit would change, and what of it breaks the contract; keeps nothing.' })
  check(@Param('id', ParseUUIDPipe) id: string, @Body() { body }: EditBody): Promise<EditCheck> {
    return this.operations.edits.check(id, body);
  }

  @Post('dead-letters/:id/edits')
  @ApiOperation({ summary: 'Proposes an edit, for a second person to approve.' })
  propose(@Param('id', ParseUUIDPipe) id: string, @Body() input: ProposeInput): Promise<Proposal> {
    return this.operations.edits.propose(id, input);
  }

  @Get('edits')
  @ApiOperation({ summary: 'Proposed edits, newest first.' })
  list(@Query() { limit, state, deadLetterId }: EditsQuery): Promise<Proposal[]> {
    return this.operations.edits.list({ state, deadLetterId }, limit);
  }

  @Get('edits/:id')
  @ApiOperation({ summary: 'One proposed edit with its changes; personal fields are masked.' })
  show(@Param('id', ParseUUIDPipe) id: string): Promise<Proposal> {
    return this.operations.edits.find(id);
  }

  @Post('edits/:id/approve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Processes the edited message; only somebody else than who proposed it may.' })
  approve(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() input: ByInput,
  ): Promise<{ proposalId: string; editedMessageId: string }> {
    return this.operations.edits.approve(id, input);
  }

  @Post('edits/:id/reject')
  @HttpCode(200)
  @ApiOperation({ summary: "Turns an edit down, or takes one's own back." })
  reject(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() input: ByReasonInput,
  ): Promise<{ proposalId: string }> {
    return this.operations.edits.refuse(id, input);
  }
}
