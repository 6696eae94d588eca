import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from '@remitflow/kernel';
import fc from 'fast-check';
import { hashedText, monthOf, monthsBack, streamOf, type AuditEvent } from './event.ts';

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.uuid());
const event: fc.Arbitrary<AuditEvent> = fc.record({
  stream: text,
  sequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  messageId: text,
  type: text,
  source: text,
  subject: text,
  time: text,
  correlationId: text,
  causationId: fc.option(text),
  bodyDigest: text,
  storedDigest: fc.option(text),
});

describe('what the hash of an event covers', () => {
  it('is its canonical JSON behind the tag and the previous hash', () => {
    fc.assert(
      fc.property(event, text, (any, previousHash) => {
        const { storedDigest, ...ofBefore } = any;
        const expected =
          storedDigest === null
            ? `remitflow.audit.event.v1\n${previousHash}\n${canonicalJson(ofBefore)}`
            : `remitflow.audit.event.v2\n${previousHash}\n${canonicalJson(any)}`;
        expect(hashedText(any, previousHash)).toBe(expected);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the month of a message', () => {
  it('is that of its time, and part of its stream', () => {
    const fact = { type: 'requests.held.v1', subject: 's', time: '2026-11-22T00:00:00.000Z' };
    expect(monthOf(fact.time)).toBe('2026-11-01');
    expect(streamOf(fact)).toBe('requests/s/2026-11');
  });

  it('is counted back over the turn of the year', () => {
    const ago = (months: number) => monthsBack('2026-11-22T00:00:00.000Z', months);
    expect([0, 10, 11, 120].map(ago)).toEqual(['2026-11-01', '2026-01-01', '2025-12-01', '2016-11-01']);
  });

  it('is the first of all for a time that is none', () => {
    for (const time of ['', 'x', '0000-01-01', '2026-13-01', '2026-00-01', 'T2026-01-01'])
      expect(monthOf(time)).toBe('0001-01-01');
  });
});
