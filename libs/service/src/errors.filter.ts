import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { BrokenInvariant, CannotProceed, RetryLater, uuidV7 } from '@remitflow/kernel';
import { databaseTrouble } from '@remitflow/persistence';
import type { Response } from 'express';
import type { Log } from './log.ts';

/** What a caller is told: a stable code, a sentence, and ids and counts that help. */
export type ErrorAnswer = { code: string; message: string; [fact: string]: unknown };

const retryAfterSeconds = 5;

/** Turns errors into answers: 422 for what can never succeed, 503 for what may later, 500 without detail for the rest. */
@Catch()
export class ErrorsFilter implements ExceptionFilter {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const { status, answer } = this.#answerTo(error);
    if (status === 503) response.setHeader('Retry-After', retryAfterSeconds);
    response.status(status).json(answer);
  }

  #answerTo(error: unknown): { status: number; answer: ErrorAnswer } {
    if (error instanceof HttpException) return { status: error.getStatus(), answer: ofHttp(error) };
    if (error instanceof CannotProceed) {
      return { status: 422, answer: { code: error.code, message: error.message, ...error.facts } };
    }
    if (error instanceof RetryLater || databaseTrouble(error) !== 'none') {
      const code = error instanceof RetryLater ? error.code : 'database.unavailable';
      return { status: 503, answer: { code, message: 'Not possible at this moment; try again shortly.' } };
    }
    const incidentId = uuidV7();
    const facts = error instanceof BrokenInvariant ? { code: error.code, ...error.facts } : {};
    this.#log.error(
      { incidentId, ...facts, stack: error instanceof Error ? error.stack : undefined },
      'request failed',
    );
    return {
      status: 500,
      answer: { code: 'internal', message: 'Something went wrong on our side.', incidentId },
    };
  }
}

function ofHttp(error: HttpException): ErrorAnswer {
  const answer = error.getResponse();
  if (typeof answer === 'object' && 'code' in answer) return answer as ErrorAnswer;
  const detail = typeof answer === 'object' ? (answer as { message?: string | string[] }).message : answer;
  const messages = Array.isArray(detail) ? detail : [detail ?? error.message];
  // What the parser says may quote the body, and a body may hold anything.
  if (error.getStatus() === 400 && messages.some((text) => parserWords.test(text))) {
    return { code: 'request.not-json', message: 'The body is not well-formed JSON.' };
  }
  return { code: codeOf(error.getStatus()), message: messages.join('; ') };
}

const parserWords =
  /\bJSON\b|^Unexpected (token|end|string|number|non-whitespace)|property name|in JSON at position/;

const codeOf = (status: number): string =>
  ({
    400: 'request.invalid',
    404: 'not-found',
    405: 'method-not-allowed',
    413: 'request.too-large',
    415: 'media-type.unsupported',
  })[status] ?? `http.${status}`;
