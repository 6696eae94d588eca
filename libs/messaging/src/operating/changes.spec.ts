import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bodyFaults } from './body-faults.ts';
import { changesBetween } from './changes.ts';
import { markPersonal, unmark } from './masked-body.ts';

const patient = (lastName: string, memberId: string) => ({ lastName, memberId });
const body = {
  submissionId: 's',
  requests: [
    { requestId: 'a', patient: patient('Lovelace', 'M1'), cents: 1 },
    { requestId: 'b', patient: patient('Hopper', 'M2'), cents: 2 },
  ],
};
const [first, second] = [body.requests[0]!, body.requests[1]!];

describe('the changes between two versions of a message', () => {
  it('are every member that differs, and no more', () => {
    const after = { submissionId: 't', requests: [{ ...first, cents: 3, 'odd/name': true }, second] };
    expect(changesBetween(body, after)).toEqual([
      { path: '/submissionId', kind: 'replaced', from: 's', to: 't' },
      { path: '/requests/0/cents', kind: 'replaced', from: 1, to: 3 },
      { path: '/requests/0/odd~1name', kind: 'added', to: true },
    ]);
  });

  it('say that an item went, not that all others changed', () => {
    expect(changesBetween(body, { ...body, requests: [second] })).toMatchObject([
      { path: '/requests/0', kind: 'removed', from: { requestId: 'a' } },
    ]);
    expect(
      changesBetween(body, { ...body, requests: [first, { ...first, cents: 9 }, second] }),
    ).toMatchObject([{ path: '/requests/1', kind: 'added', to: { cents: 9 } }]);
  });

  it('never show what is personal', () => {
    const after = { ...body, requests: [{ ...first, patient: patient('Byron', 'M9') }, second] };
    const shown = changesBetween(body, after);
    expect(shown.map(({ path, from, to }) => [path, from, to])).toContainEqual([
      '/requests/0/patient/lastName',
      '•••',
      '•••',
    ]);
    const all = JSON.stringify([shown, changesBetween(null, after), changesBetween(body, { requests: [] })]);
    expect(all).not.toMatch(/Lovelace|Byron|Hopper/);
  });

  it('are none exactly when the values are equal', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(value, value, (one, other) => {
        const [before, after] = [
          JSON.parse(JSON.stringify(one)),
          JSON.parse(JSON.stringify(other)),
        ] as unknown[];
        expect(changesBetween(before, structuredClone(before))).toEqual([]);
        expect(changesBetween(before, after).length === 0).toBe(isEqual(before, after));
      }),
    );
  });
});

describe('a body with marks', () => {
  it('shows nothing personal, and becomes itself again', () => {
    const marked = markPersonal(body);
    expect(JSON.stringify(marked)).not.toMatch(/Lovelace|Hopper/);
    expect(unmark(marked, body)).toEqual({ body, misplaced: [] });
  });

  it('takes new values and moved items', () => {
    const marked = markPersonal(body) as typeof body;
    const edited = { ...marked, requests: [marked.requests[1]!] };
    expect(unmark(edited, body).body).toEqual({ ...body, requests: [second] });
    const renamed = { ...edited, requests: [{ ...marked.requests[1]!, patient: patient('Byron', 'M2') }] };
    expect(unmark(renamed, body).body).toMatchObject({ requests: [{ patient: { lastName: 'Byron' } }] });
  });

  it('does not let a personal value out where it would be seen', () => {
    const marked = markPersonal(body) as typeof body;
    const stolen = { ...marked, submissionId: marked.requests[0]!.patient.lastName };
    expect(unmark(stolen, body).misplaced).toEqual(['/submissionId']);
    const invented = { ...marked, requests: [{ ...first, patient: patient('•••{/requests/7/x}', 'M') }] };
    expect(unmark(invented, body).misplaced).toEqual(['/requests/0/patient/lastName']);
  });
});

describe('the faults of an edited body', () => {
  const held = {
    submissionId: '6f0d2d3c-5d0b-4c1e-9a52-0f5a3f6f7a10',
    requests: [
      {
        requestId: '6f0d2d3c-5d0b-4c1e-9a52-0f5a3f6f7a10',
        claimId: 'A1',
        billedCents: 100,
        allowedCents: 80,
        findings: [{ ruleId: 'r', ruleVersion: '1', message: 'm' }],
      },
    ],
  };
  const faults = (edited: unknown, original: unknown = held) =>
    bodyFaults({ service: 'intake', fact: 'requests.held.v1', original }, edited);

  it('name every member, and what the contract does not know unless it was there', () => {
    expect(faults(held)).toEqual([]);
    expect(faults({ ...held, submissionId: 1 })).toContain('submissionId:isUuid');
    const added = { ...held, requests: [{ ...held.requests[0]!, secretName: 'Ada' }] };
    expect(faults(added)).toEqual(['requests.0.secretName:unknown']);
    expect(faults(added, added)).toEqual([]);
    expect(faults('text')).toEqual(['body:isObject']);
  });

  it('name a fact that the service does not hear', () => {
    const message = { service: 'remittance', fact: 'requests.held.v1', original: held } as const;
    expect(bodyFaults(message, held)).toEqual(['body:message.unsupported-fact']);
    expect(bodyFaults({ ...message, fact: 'requests.guessed.v9' }, held)).toEqual(['type:unknown']);
  });
});

const isEqual = (one: unknown, other: unknown): boolean => {
  try {
    expect(one).toEqual(other);
    return true;
  } catch {
    return false;
  }
};
