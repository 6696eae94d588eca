import { describe, expect, it } from '@jest/globals';
import { RequestsSubmitted, SubmissionsReceived } from '@remitflow/contracts';
import { BrokenInvariant, CannotProceed, RetryLater, uuidV7 } from '@remitflow/kernel';
import { databaseTrouble } from '@remitflow/persistence';
import fc from 'fast-check';
import { decodeBody, encodeBody, outlineIn } from './core/body.ts';
import { attemptOf, failureKind, fingerprintOf } from './core/failure.ts';
import { halve } from './core/halves.ts';
import { topologyOf } from './amqp/topology.ts';
import { backoffMs, Bell } from './core/waiting.ts';
import { toEnvelope, toProperties } from './amqp/wire.ts';

describe('a body', () => {
  it('comes out as it went in', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { bytes, digest } = encodeBody(value);
        expect(JSON.stringify(decodeBody(bytes, digest))).toBe(JSON.stringify(value));
      }),
    );
  });

  it('is refused when it is not what was said', () => {
    const { bytes } = encodeBody({ a: 1 });
    expect(() => decodeBody(bytes, '0'.repeat(64))).toThrow('message.digest');
    expect(() => decodeBody(Buffer.from('{}'), '0'.repeat(64))).toThrow('message.unreadable');
  });
});

describe('an outline', () => {
  const body = { requests: [{ requestId: 'a', lines: [1, 2, 3] }] };
  const outline = { requests: [{ requestId: 'a' }] };

  it('goes with the body, which reads as it does without, under the same digest', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.object(), (any, short) => {
        const { bytes, digest } = encodeBody(any, short);
        expect(JSON.stringify(outlineIn(bytes))).toBe(JSON.stringify(short));
        expect(JSON.stringify(decodeBody(bytes, digest))).toBe(JSON.stringify(any));
        expect(digest).toBe(encodeBody(any).digest);
      }),
    );
  });

  it('is none where there is none', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (any) => {
        expect(outlineIn(encodeBody(any).bytes)).toBeUndefined();
      }),
    );
    for (const bytes of [Buffer.alloc(0), Buffer.from('RFO1'), Buffer.alloc(50, 0), Buffer.alloc(60, 'RFO1')])
      expect(outlineIn(bytes)).toBeUndefined();
  });

  it('is none when a bit of it is another', () => {
    const { bytes, digest } = encodeBody(body, outline);
    const begin = encodeBody(body).bytes.length;
    for (let place = begin; place < bytes.length; place += 1) {
      const broken = Buffer.from(bytes);
      broken[place]! ^= 0x10;
      expect(outlineIn(broken)).toBeUndefined();
      expect(decodeBody(broken, digest)).toEqual(body);
    }
  });
});

describe('an envelope', () => {
  const envelope = {
    id: uuidV7(),
    type: 'requests.submitted.v1',
    source: 'intake',
    subject: 's',
    time: '2026-11-22T10:00:00.000Z',
    correlationId: uuidV7(),
    causationId: uuidV7(),
    digest: 'a'.repeat(64),
  };

  it('survives the wire', () => {
    expect(toEnvelope({ properties: toProperties(envelope) as never })).toEqual(envelope);
  });

  it.each(['messageId', 'type', 'correlationId'])('is refused without %s, by name only', (part) => {
    const properties = { ...toProperties(envelope), [part]: undefined };
    expect(() => toEnvelope({ properties: properties as never })).toThrow('message.envelope');
  });
});

describe('halving', () => {
  const bodyOf = (items: number) => ({
    submissionId: 's',
    requests: Array.from({ length: items }, (_, place) => place),
  });

  it('keeps every item once and in order, with ids that never change, until one stands alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), (items) => {
        const leaves: unknown[] = [];
        const ids = new Set<string>();
        const walk = (id: string, body: object): void => {
          ids.add(id);
          const halves = halve(id, RequestsSubmitted, body);
          expect(halve(id, RequestsSubmitted, body)).toEqual(halves);
          if (halves) for (const half of halves) walk(half.id, half.body);
          else leaves.push(...(body as { requests: unknown[] }).requests);
        };
        walk(uuidV7(), bodyOf(items));
        expect(leaves).toEqual(bodyOf(items).requests);
        expect(ids.size).toBe(2 * items - 1);
      }),
    );
  });

  it.each([
    ['a fact that is not bulk', SubmissionsReceived, { requests: [1, 2] }],
    ['a body without its list', RequestsSubmitted, { requests: 'x' }],
    ['no body', RequestsSubmitted, null],
  ])('leaves %s alone', (_, contract, body) => {
    expect(halve('x', contract, body)).toBeUndefined();
  });
});

describe('a failure', () => {
  it.each([
    [new CannotProceed('x'), 'lasting'],
    [new BrokenInvariant('x'), 'lasting'],
    [new TypeError('x is undefined'), 'lasting'],
    [new RetryLater('x'), 'passing'],
    [Object.assign(new Error('deadlock'), { code: '40P01' }), 'passing'],
    [Object.assign(new Error('lock'), { code: '55P03' }), 'passing'],
    [Object.assign(new Error('too slow'), { code: '57014' }), 'passing'],
    [Object.assign(new Error('disk full'), { code: '53100' }), 'outage'],
    [Object.assign(new Error('too many connections'), { code: '53300' }), 'outage'],
    [Object.assign(new Error('read-only'), { code: '25006' }), 'outage'],
    [Object.assign(new Error('cannot store'), { code: '22P05' }), 'lasting'],
    [Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }), 'outage'],
    [Object.assign(new Error('shutting down'), { code: '57P01' }), 'outage'],
    [new Error('wrapped', { cause: Object.assign(new Error('gone'), { code: '08006' }) }), 'outage'],
    [new Error('Connection terminated unexpectedly'), 'outage'],
    [Object.assign(new Error('unique'), { code: '23505' }), 'lasting'],
  ])('%s is %s', (error, kind) => expect(failureKind(error, databaseTrouble(error))).toBe(kind));

  it('has the same fingerprint for the same cause, whatever the ids', () => {
    const fail = (id: string) => new CannotProceed('payee.unknown', { id });
    const [a, b] = [fail('1'), fail('2')];
    expect(fingerprintOf(a, 'f')).toBe(fingerprintOf(b, 'f'));
    expect(fingerprintOf(a, 'f')).not.toBe(fingerprintOf(a, 'g'));
    expect(attemptOf('text', new Date(0))).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      code: 'unknown',
      text: 'text',
    });
  });
});

describe('the topology', () => {
  it('limits deliveries of every working queue and of no dead queue, on old brokers and new ones', () => {
    for (const [major, dead] of [
      [3, undefined],
      [4, -1],
    ] as const) {
      const { queues, bindings } = topologyOf(['intake', 'audit'], major);
      expect(queues.every((queue) => queue.arguments['x-queue-type'] === 'quorum')).toBe(true);
      for (const queue of queues) {
        expect(queue.arguments['x-delivery-limit']).toBe(queue.name.endsWith('.dead') ? dead : 20);
      }
      expect(new Set(bindings.map((binding) => binding.queue))).toEqual(
        new Set(queues.map((queue) => queue.name)),
      );
    }
  });
});

describe('waiting', () => {
  it('backs off between half and all of a doubling step, up to the most', () => {
    fc.assert(
      fc.property(
        fc.nat(200),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (failures, luck) => {
          const wait = backoffMs(failures, { firstMs: 100, mostMs: 5_000 }, () => luck);
          const step = Math.min(5_000, 100 * 2 ** failures);
          expect(wait).toBeGreaterThanOrEqual(Math.floor(step / 2));
          expect(wait).toBeLessThanOrEqual(step);
        },
      ),
    );
  });

  it('hears a bell that rang before it waited, once', async () => {
    const bell = new Bell();
    bell.ring();
    expect(await bell.wait(10_000)).toBe(true);
    expect(await bell.wait(1)).toBe(false);
    const waiting = bell.wait(10_000);
    bell.ring();
    expect(await waiting).toBe(true);
    expect(await bell.wait(10_000, AbortSignal.abort())).toBe(false);
  });
});
