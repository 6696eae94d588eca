import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fitRequest } from './fit-request.ts';
import { PartCutter } from './part-cutter.ts';
import type { ReadRequest } from './request.ts';

it('parts keep order, lose nothing and stay within both limits', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 70 }), { maxLength: 60 });
  fc.assert(
    fc.property(
      sizes,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 500, max: 4_000 }),
      (lengths, requestsMax, bytesMax) => {
        const requests = lengths.map((length, index) => aRequest(length, index + 1));
        const cutter = new PartCutter({ requestsMax: () => requestsMax, bytesMax });
        const full = requests.map((request) => cutter.add(request)).filter((part) => part !== undefined);
        const parts = [...full, cutter.rest()];
        expect(parts.flat()).toEqual(requests);
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(requestsMax);
          const bytes = JSON.stringify(part.map(({ request }) => request)).length;
          expect(part.length === 1 || bytes <= bytesMax).toBe(true);
        }
      },
    ),
  );
});

it('a reading that begins behind any part cuts on as the first one did', () => {
  const requests = Array.from({ length: 60 }, (_, index) => aRequest(index % 7, index + 1));
  const limits = { requestsMax: (said: number) => 1 + ((said * 5) % 9), bytesMax: 4_000 };
  const partsOf = (some: readonly ReadRequest[]) => {
    const cutter = new PartCutter(limits);
    return [
      ...some.map((request) => cutter.add(request)).filter((part) => part !== undefined),
      cutter.rest(),
    ];
  };
  const parts = partsOf(requests);
  expect(new Set(parts.map(({ length }) => length)).size).toBeGreaterThan(3);
  parts.forEach((part, place) => {
    expect(partsOf(requests.slice(part[0]!.position - 1))).toEqual(parts.slice(place));
  });
});

const aRequest = (length: number, position: number): ReadRequest => ({
  ...{ position, byteOffset: 0, byteLength: 1 },
  request: fitRequest({ claimId: 'x'.repeat(length) }, 'json'),
});
