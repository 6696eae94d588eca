import { describe, expect, it } from '@jest/globals';
import { BadRequestException, NotFoundException, type ArgumentsHost } from '@nestjs/common';
import { BrokenInvariant, CannotProceed, RetryLater } from '@remitflow/kernel';
import { ErrorsFilter } from './errors.filter.ts';
import { openLog } from './log.ts';

function answerTo(error: unknown): {
  status: number;
  body: Record<string, unknown>;
  headers: Record<string, unknown>;
} {
  const seen = { status: 0, body: {}, headers: {} as Record<string, unknown> };
  const response = {
    headersSent: false,
    setHeader: (name: string, value: unknown) => (seen.headers[name] = value),
    status: (status: number) => ((seen.status = status), response),
    json: (body: Record<string, unknown>) => (seen.body = body),
  };
  const host = { switchToHttp: () => ({ getResponse: () => response }) } as unknown as ArgumentsHost;
  new ErrorsFilter(openLog('spec', 'silent')).catch(error, host);
  return seen;
}

describe('an error as an answer', () => {
  it('says code, sentence and facts of what can never succeed', () => {
    expect(answerTo(new CannotProceed('payee.unknown', { payeeId: 'p' }))).toMatchObject({
      status: 422,
      body: { code: 'payee.unknown', payeeId: 'p' },
    });
  });

  it.each([
    new RetryLater('bank.offline'),
    Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
    Object.assign(new Error('full'), { code: '53100' }),
  ])('asks to come back later: %s', (error) => {
    expect(answerTo(error)).toMatchObject({ status: 503, headers: { 'Retry-After': 5 } });
  });

  it.each([
    new BrokenInvariant('money.not-whole-cents', { amount: 1 }),
    new TypeError('secret of mine'),
    'text',
  ])('keeps its own mistakes to itself: %s', (error) => {
    const { status, body } = answerTo(error);
    expect([status, body['code']]).toEqual([500, 'internal']);
    expect(JSON.stringify(body)).not.toMatch(/secret|cents/);
    expect(body['incidentId']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('never repeats a body that is not JSON', () => {
    const parsers = [`Unexpected token 'S', "Smith, Ada" is not valid JSON`, 'Unexpected end of JSON input'];
    for (const words of parsers) {
      expect(answerTo(new BadRequestException(words)).body).toEqual({
        code: 'request.not-json',
        message: 'The body is not well-formed JSON.',
      });
    }
  });

  it('passes on what a controller says, and every rule that a body breaks', () => {
    expect(
      answerTo(new NotFoundException({ code: 'payee.unknown', message: 'No such payee.' })),
    ).toMatchObject({
      status: 404,
      body: { code: 'payee.unknown', message: 'No such payee.' },
    });
    expect(answerTo(new BadRequestException(['limit must be an integer', 'by is missing'])).body).toEqual({
      code: 'request.invalid',
      message: 'limit must be an integer; by is missing',
    });
  });
});
