import { describe, expect, it } from '@jest/globals';
import { setMembers } from './edited-body.ts';

const body = { part: 1, requests: [{ claimId: 'A', cents: 1, 'odd/name': 'x' }] };

describe('setting members of a message', () => {
  it('takes pointers and dots, JSON and text, and leaves the original alone', () => {
    const edited = setMembers(body, [
      'part=2',
      '/requests/0/odd~1name=y=z',
      'requests.0.claimId=007x',
      'added=null',
    ]);
    expect(edited).toEqual({
      part: 2,
      requests: [{ claimId: '007x', cents: 1, 'odd/name': 'y=z' }],
      added: null,
    });
    expect(body.part).toBe(1);
    expect(setMembers(body, ['requests.1={"claimId":"B"}'])).toMatchObject({
      requests: [{}, { claimId: 'B' }],
    });
  });

  it.each(['part', '=1', 'requests.7.claimId=A', 'part.x=1', 'requests.one=1', 'requests.2=1'])(
    'refuses %s',
    (setting) => {
      expect(() => setMembers(body, [setting])).toThrow('leads nowhere');
    },
  );
});
