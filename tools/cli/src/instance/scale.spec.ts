import { describe, expect, it } from '@jest/globals';
import { describeScale, parseScale, processesMax, processesOf, serviceOf } from './scale.ts';

const namesOf = (scale: object, living: readonly string[] = []): string[] =>
  processesOf(scale, new Set(living)).map(({ name }) => name);

describe('how many processes of a service run', () => {
  it('is said once, in one text or in several', () => {
    expect(parseScale([])).toEqual({});
    expect(parseScale(['validation=2'])).toEqual({ validation: 2 });
    expect(parseScale(['validation=2, remittance=3', 'audit=1'])).toEqual({
      validation: 2,
      remittance: 3,
      audit: 1,
    });
    expect(parseScale([`intake=${processesMax}`])).toEqual({ intake: processesMax });
  });

  it.each([
    ['portal=2', /no service "portal"/],
    ['', /no service ""/],
    ['validation', /validation= is not a number/],
    ['validation=0', /validation=0/],
    ['validation=9', /validation=9/],
    ['validation=-1', /validation=-1/],
    ['validation=1.5', /validation=1.5/],
    ['validation=two', /validation=two/],
    ['validation=2,validation=3', /given twice/],
    ['bank=2', /one bank/],
    ['rabbitmq=3', /RABBITMQ_URL/],
    ['postgres=2', /DATABASE_URL/],
  ])('is refused with a reason and what would be right: "%s"', (text, message) => {
    expect(() => parseScale([text])).toThrow(
      expect.objectContaining({
        code: 'scale-unusable',
        exitCode: 2,
        message: expect.stringMatching(message),
        nextAction: expect.stringContaining('validation=2,payout=2'),
      }),
    );
  });

  it('names the processes: plainly when there is one, by number when there are several', () => {
    expect(namesOf({ validation: 2 })).toEqual([
      'intake',
      'validation-1',
      'validation-2',
      'payout',
      'remittance',
      'audit',
    ]);
  });

  it('lets a process that runs keep its name when others come or go', () => {
    expect(namesOf({ validation: 2 }, ['validation'])).toContain('validation');
    expect(namesOf({ validation: 2 }, ['validation'])).toContain('validation-2');
    expect(namesOf({}, ['validation-1', 'validation-2'])).toContain('validation-1');
  });

  it('is found again by the name of a process', () => {
    expect(['validation', 'validation-2', 'bank', 'bank-2'].map(serviceOf)).toEqual([
      'validation',
      'validation',
      undefined,
      undefined,
    ]);
  });

  it('is said to people', () => {
    expect(describeScale({})).toBe('five services');
    expect(describeScale({ validation: 2, audit: 1, payout: 3 })).toBe(
      'five services (2 × validation, 3 × payout)',
    );
  });
});
