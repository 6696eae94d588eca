import { describe, expect, it } from '@jest/globals';
import { fields } from '@remitflow/contracts';
import { gate } from './gate.ts';
import { anId, classOf, copy, linesOn, released, type Change } from './planted-fact.builder.ts';
import type { ReleasedFact } from './released-form.ts';

const {
  Amount,
  Code,
  Count,
  Instant,
  Money,
  OneOf,
  OneOfOpen,
  Optional,
  Part,
  Parts,
  Personal,
  Text,
  Words,
} = fields;

const named = classOf({ payerId: [Text(80)] });
const numbered = classOf({ payerId: [Count()] });

describe('the gate', () => {
  it('lets the contract itself pass', () => {
    expect(linesOn({})).toEqual([]);
  });

  it.each<[string, Change]>([
    ['an optional field', { request: { added: [Optional(), Text(10)] } }],
    ['an optional list', { request: { added: [Optional(), Words(10, 8)] } }],
    ['an optional part', { body: { added: [Optional(), Part(() => named)] } }],
    ['another value in an open list', { request: { origin: [OneOfOpen(['file', 'form', 'fax'])] } }],
    ['a field that is personal from now on', { request: { claimId: [Personal(), Text(80, 2)] } }],
    ['another speaker', { fact: { saidBy: ['validation', 'intake'] } }],
    ['another hearer', { fact: { heardBy: ['payout', 'remittance', 'audit'] } }],
  ])('lets %s pass', (_, change) => {
    expect(linesOn(change)).toEqual([]);
  });

  it.each<[string, Change, string]>([
    ['a removed field', { request: { count: undefined } }, 'requests[].count is gone'],
    ['a removed optional field', { request: { note: undefined } }, 'requests[].note is gone'],
    [
      'a renamed field',
      { request: { paidCents: undefined, paymentCents: [Amount()] } },
      'requests[].paidCents is gone',
    ],
    ['another type', { request: { paidCents: [Text(20)] } }, 'requests[].paidCents was integer, is string'],
    [
      'a part that becomes a list of parts',
      { request: { payer: [Parts(() => named, { max: 3 })] } },
      'requests[].payer was object, is array',
    ],
    [
      'a field inside a part that changes',
      { request: { payer: [Part(() => numbered)] } },
      'requests[].payer.payerId was string, is integer',
    ],
    ['an added required field', { request: { added: [Text(10)] } }, 'requests[].added is new and required'],
    [
      'an optional field that becomes required',
      { request: { note: [Text(20)] } },
      'requests[].note was optional, is required',
    ],
    [
      'a required field that becomes optional',
      { request: { claimId: [Optional(), Text(80, 2)] } },
      'requests[].claimId was required, is optional',
    ],
    [
      'a shorter text',
      { request: { claimId: [Text(79, 2)] } },
      'requests[].claimId takes less: maxLength was 80, is 79',
    ],
    [
      'a longer text',
      { request: { claimId: [Text(81, 2)] } },
      'requests[].claimId takes more: maxLength was 80, is 81',
    ],
    ['a higher least length', { request: { claimId: [Text(80, 3)] } }, 'takes less: minLength was 2, is 3'],
    ['a lower least length', { request: { claimId: [Text(80, 1)] } }, 'takes more: minLength was 2, is 1'],
    [
      'a higher minimum',
      { request: { count: [Count(2, 99)] } },
      'requests[].count takes less: minimum was 1, is 2',
    ],
    [
      'a lower minimum',
      { request: { count: [Count(0, 99)] } },
      'requests[].count takes more: minimum was 1, is 0',
    ],
    [
      'a lower maximum',
      { request: { count: [Count(1, 98)] } },
      'requests[].count takes less: maximum was 99, is 98',
    ],
    [
      'a higher maximum',
      { request: { count: [Count(1, 100)] } },
      'requests[].count takes more: maximum was 99, is 100',
    ],
    [
      'a bound where none was',
      { request: { balanceCents: [Amount()] } },
      'takes less: minimum was not set, is 0',
    ],
    [
      'a bound that is given up',
      { request: { paidCents: [Money()] } },
      'takes more: minimum was 0, is not set',
    ],
    [
      'a shorter list of parts',
      { size: { min: 1, max: 400 } },
      'requests takes less: maxItems was 500, is 400',
    ],
    [
      'a longer list of parts',
      { size: { min: 1, max: 600 } },
      'requests takes more: maxItems was 500, is 600',
    ],
    ['a list that may be empty', { size: { min: 0, max: 500 } }, 'requests takes more: minItems was 1, is 0'],
    [
      'a list that must hold two',
      { size: { min: 2, max: 500 } },
      'requests takes less: minItems was 1, is 2',
    ],
    [
      'a longer list of words',
      { request: { modifiers: [Words(10, 9)] } },
      'modifiers takes more: maxItems was 8, is 9',
    ],
    [
      'shorter words',
      { request: { modifiers: [Words(9, 8)] } },
      'modifiers[] takes less: maxLength was 10, is 9',
    ],
    [
      'a value that is gone',
      { request: { kind: [OneOf(['837P'])] } },
      'kind takes less: 837I is gone from its list',
    ],
    [
      'another value in a closed list',
      { request: { kind: [OneOf(['837P', '837I', 'csv'])] } },
      'kind takes more: csv is new in its closed list',
    ],
    [
      'a value that is gone from an open list',
      { request: { origin: [OneOfOpen(['file'])] } },
      'origin means less: form is gone from its open list',
    ],
    [
      'an open list that is closed',
      { request: { origin: [OneOf(['file', 'form'])] } },
      'origin was one of an open list, is one of a closed list',
    ],
    [
      'a closed list that is opened',
      { request: { kind: [OneOfOpen(['837P', '837I'])] } },
      'kind was one of a closed list, is one of an open list',
    ],
    [
      'another pattern',
      { request: { returnCode: [Code(/^[RC]\d{2}$/)] } },
      'returnCode means something else: pattern',
    ],
    [
      'a pattern that is given up',
      { request: { returnCode: [Text(3, 3)] } },
      'returnCode means something else: pattern',
    ],
    [
      'a day that becomes an instant',
      { request: { serviceFrom: [Instant()] } },
      'x-unit was calendar day, is instant',
    ],
    [
      'an id that is any text',
      { request: { requestId: [Text(36, 36)] } },
      'requestId means something else: format was uuid',
    ],
    [
      'a count that becomes money',
      { request: { count: [Amount()] } },
      'requests[].count means something else: x-unit was not set, is USD cents',
    ],
    [
      'cents that become a plain number',
      { request: { paidCents: [Count(0, Infinity)] } },
      'requests[].paidCents means something else: x-unit was USD cents, is not set',
    ],
    ['another list to halve along', { fact: { items: undefined } }, 'halved along requests, now nothing'],
    [
      'another subject',
      { fact: { subject: () => 'something else' } },
      `the sample of 1.0 was about ${anId}, is about something else`,
    ],
  ])('refuses %s', (_, change, what) => {
    const lines = linesOn(change);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => line.includes(what))).not.toEqual([]);
    for (const line of lines) expect(line).toMatch(/^requests\.copied\.v1: .+: say requests\.copied\.v2$/);
  });

  it('refuses a fact that is gone, or that became another', () => {
    const gone = [
      'requests.copied.v1 was released and is gone: it is understood for ever, said by nobody at the end',
    ];
    expect(gate(released, [])).toEqual(gone);
    expect(gate(released, [copy({ fact: { major: 2 } })])).toEqual(gone);
    expect(gate(released, [copy({ fact: { type: 'requests.renamed' } })])).toEqual(gone);
  });

  it('refuses a field that is not personal any more', () => {
    // Personal names are known by name in the whole process, so the flag is planted in the release.
    const flagged = JSON.parse(
      JSON.stringify(released).replaceAll('"x-unit":"calendar day"', '"x-personal":true'),
    ) as ReleasedFact[];
    const lines = gate(flagged, [copy()]);
    expect(lines).toContainEqual(
      expect.stringContaining('requests[].serviceFrom was personal, is not: nobody would mask it any more'),
    );
  });
});
