import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  facts,
  fields,
  understand,
  upcastFrom,
  type FactContract,
  type ServiceName,
} from '@remitflow/contracts';
import { gate } from './gate.ts';
import { copy, linesOn, released, sample } from './planted-fact.builder.ts';
import { releaseOf, type ReleasedFact } from './released-form.ts';
import { readReleased, unreleased } from './releases.ts';

const { Count, Optional, Text } = fields;
const root = resolve(import.meta.dirname, '../..');

describe('the gate, over several releases', () => {
  it('holds a fact against all of them: what was removed once cannot come back as something else', () => {
    const first = copy({ request: { added: [Optional(), Text(10)] } });
    const releases = [releaseOf(first, sample, '1.0'), releaseOf(copy(), sample, '1.1')];
    const again = copy({ request: { added: [Optional(), Count()] } });
    expect(gate([{ fact: first.name, releases }], [again])).toEqual([
      'requests.copied.v1: requests[].added was string, is integer: say requests.copied.v2',
    ]);
  });

  it('parses the sample of each', () => {
    const spoilt = { ...sample, submissionId: 'no id' };
    const releases = [releaseOf(copy(), spoilt, '1.0')];
    expect(gate([{ fact: copy().name, releases }], [copy()])).toEqual([
      'requests.copied.v1: the sample of 1.0 is refused at submissionId:isUuid: say requests.copied.v2',
    ]);
  });
});

describe('the gate, on who says and hears', () => {
  const first = copy();
  const second = (
    heardBy: readonly ServiceName[],
    upcast = upcastFrom(first, { up: (one) => one }),
  ): FactContract => copy({ fact: { major: 2, heardBy, upcast } });

  it('refuses a hearer that leaves', () => {
    expect(linesOn({ fact: { heardBy: ['audit'] } })).toEqual([
      'requests.copied.v1: payout does not hear it any more, nor a later major that it becomes: what is in flight to it would be parked',
    ]);
  });

  it('lets a hearer leave for a later major that this one becomes', () => {
    const left = copy({ fact: { heardBy: ['audit'] } });
    expect(gate(released, [left, second(['payout', 'audit'])])).toEqual([]);
    expect(gate(released, [left, second(['audit'])])).toHaveLength(1);
    expect(gate(released, [left, copy({ fact: { major: 2, heardBy: ['payout'] } })])).toHaveLength(1);
  });

  it('remembers one that left for a later major: what is in flight to it still has to become that', () => {
    const left = copy({ fact: { heardBy: ['audit'] } });
    const releases = [releaseOf(first, sample, '1.0'), releaseOf(left, sample, '1.1')];
    const unlike = copy({ fact: { major: 2, heardBy: ['payout', 'audit'] } });
    expect(gate([{ fact: first.name, releases }], [left, second(['payout', 'audit'])])).toEqual([]);
    expect(gate([{ fact: first.name, releases }], [left, unlike])).toHaveLength(1);
  });

  it('refuses a speaker that falls silent while somebody listens, audit excepted', () => {
    expect(linesOn({ fact: { saidBy: [] } })).toEqual([
      'requests.copied.v1: validation does not say it any more, but payout, audit hear it: move them to a later major first',
    ]);
    const retired = copy({ fact: { saidBy: [], heardBy: ['audit'] } });
    expect(gate(released, [retired, second(['payout', 'audit'])])).toEqual([]);
  });
});

describe('what was released', () => {
  const today = readReleased(root);

  it('holds', () => {
    expect(today.length).toBeGreaterThanOrEqual(16);
    expect(gate(today, facts)).toEqual([]);
  });

  it('is understood for ever by everybody who hears it or what became of it', () => {
    for (const { fact, releases } of today) {
      const contract = facts.find(({ name }) => name === fact)!;
      const later = facts.filter(({ type, major }) => type === contract.type && major > contract.major);
      const hearers = new Set([contract, ...later].flatMap(({ heardBy }) => heardBy));
      for (const hearer of hearers) {
        for (const { sample: old } of releases) expect(() => understand(hearer, fact, old)).not.toThrow();
      }
    }
  });

  it('is refused when a release is tampered with to say more than today', () => {
    const tampered = today.map(
      (one) => JSON.parse(JSON.stringify(one).replaceAll('"USD cents"', '"EUR cents"')) as ReleasedFact,
    );
    expect(gate(tampered, facts)).toContain(
      'requests.approved.v1: requests[].paidCents means something else: x-unit was EUR cents, is USD cents: say requests.approved.v2',
    );
  });

  it('is told apart from what is only written: a new fact, a new field, a new hearer', () => {
    const approved = facts.find(({ name }) => name === 'requests.approved.v1')!;
    const older = today.map((one) =>
      one.fact === approved.name
        ? { ...one, releases: one.releases.map((release) => ({ ...release, heardBy: ['audit'] })) }
        : one,
    );
    expect(unreleased(root, older, [approved])).toEqual([
      { fact: approved.name, releases: [expect.anything(), expect.objectContaining({ version: '1.1' })] },
    ]);
    expect(unreleased(root, [], [approved])[0]?.releases[0]?.version).toBe('1.0');
    expect(unreleased(root, today, [approved])).toEqual([]);
  });
});
