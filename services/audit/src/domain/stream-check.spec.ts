import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chain, genesisHash, type ChainedEvent } from './event.ts';
import { StreamCheck, type Problem } from './stream-check.ts';

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

function streamOf(length: number): ChainedEvent[] {
  const events: ChainedEvent[] = [];
  for (let sequence = 1; sequence <= length; sequence += 1) {
    const event = {
      stream: 's',
      sequence,
      messageId: `m${sequence}`,
      type: 'requests.held.v1',
      source: 'validation',
      subject: 's',
      time: '2026-11-22T00:00:00.000Z',
      correlationId: 'c',
      causationId: null,
      bodyDigest: `d${sequence}`,
      storedDigest: `s${sequence}`,
    };
    events.push(chain(event, events.at(-1)?.hash ?? genesisHash, sha256));
  }
  return events;
}

function check(events: readonly ChainedEvent[]): Problem[] {
  const stream = new StreamCheck('s', sha256);
  return [...events.flatMap((event) => stream.see({ event, bodyHolds: true })), ...stream.end()];
}

const shapeOf = (problems: readonly Problem[]) => problems.map(({ kind, sequence }) => [kind, sequence]);
const two = fc.integer({ min: 3, max: 30 }).chain((length) =>
  fc.record({
    length: fc.constant(length),
    first: fc.integer({ min: 1, max: length - 1 }),
    second: fc.integer({ min: 2, max: length }),
  }),
);

describe('following a stream', () => {
  it('finds nothing where nothing was done', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), (length) => expect(check(streamOf(length))).toEqual([])),
    );
  });

  it('names the one event that was edited, in any field', () => {
    const field = fc.constantFrom(
      'messageId',
      'type',
      'source',
      'subject',
      'time',
      'correlationId',
      'bodyDigest',
      'storedDigest',
    );
    fc.assert(
      fc.property(two, field, ({ length, first }, name) => {
        const events = streamOf(length);
        events[first - 1] = { ...events[first - 1]!, [name]: 'another' };
        expect(shapeOf(check(events))).toEqual([['edited', first]]);
      }),
    );
  });

  it('names the gap that a deleted event leaves', () => {
    fc.assert(
      fc.property(two, ({ length, first }) => {
        const events = streamOf(length).filter(({ sequence }) => sequence !== first);
        expect(shapeOf(check(events))).toEqual([['deleted', first]]);
      }),
    );
  });

  it('names the place of a deleted event when those behind it were given new numbers', () => {
    fc.assert(
      fc.property(two, ({ length, first }) => {
        const events = streamOf(length)
          .filter(({ sequence }) => sequence !== first)
          .map((event, index) => ({ ...event, sequence: index + 1 }));
        expect(shapeOf(check(events))).toEqual([['deleted', first]]);
      }),
    );
  });

  it('says of two events that changed places that they did', () => {
    fc.assert(
      fc.property(two, ({ length, first, second }) => {
        fc.pre(first < second);
        const events = streamOf(length);
        const [a, b] = [events[first - 1]!, events[second - 1]!];
        events[first - 1] = { ...b, sequence: first };
        events[second - 1] = { ...a, sequence: second };
        expect(shapeOf(check(events))).toEqual([
          ['swapped', first],
          ['swapped', second],
        ]);
      }),
    );
  });

  it('names the event that was put in between, with a hash that is right', () => {
    fc.assert(
      fc.property(two, ({ length, first }) => {
        const events = streamOf(length);
        const before = events[first - 1]!;
        const forged = chain({ ...before, messageId: 'forged', sequence: first + 1 }, before.hash, sha256);
        const behind = events.slice(first).map((event) => ({ ...event, sequence: event.sequence + 1 }));
        expect(shapeOf(check([...events.slice(0, first), forged, ...behind]))).toEqual([
          ['inserted', first + 1],
        ]);
      }),
    );
  });

  it('finds an event that was replaced by another with a right hash of its own', () => {
    fc.assert(
      fc.property(two, ({ length, first }) => {
        const events = streamOf(length);
        const { previousHash, ...event } = events[first - 1]!;
        events[first - 1] = chain({ ...event, subject: 'another' }, previousHash, sha256);
        expect(shapeOf(check(events))).toEqual([['edited', first]]);
      }),
    );
  });
});
