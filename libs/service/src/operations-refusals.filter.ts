import {
  Catch,
  ConflictException,
  ForbiddenException,
  NotFoundException,
  UnprocessableEntityException,
  type ExceptionFilter,
  type HttpException,
  type ArgumentsHost,
} from '@nestjs/common';
import { ActRefused, type RefusalKind } from '@remitflow/messaging';
import type { Response } from 'express';

/** 404 for what is not there, 409 for what is in another state, 403 for the wrong person, 422 for what cannot be done. */
const answers: Readonly<Record<RefusalKind, new (body: object) => HttpException>> = {
  unknown: NotFoundException,
  conflict: ConflictException,
  forbidden: ForbiddenException,
  invalid: UnprocessableEntityException,
};

/** An act that was refused, as an answer with its code, a sentence, and what the state is now. */
@Catch(ActRefused)
export class RefusalsFilter implements ExceptionFilter<ActRefused> {
  catch({ kind, code, message, facts }: ActRefused, host: ArgumentsHost): void {
    const answer = new answers[kind]({ code, message, ...facts });
    const response = host.switchToHttp().getResponse<Response>();
    response.status(answer.getStatus()).json(answer.getResponse());
  }
}
