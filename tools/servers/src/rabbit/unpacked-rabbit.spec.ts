import { describe, expect, it } from '@jest/globals';
import { aptReason } from './unpacked-rabbit.ts';

describe('why the packages could not be downloaded', () => {
  it('is the line that names the cause, not the last one', () => {
    const said = 'Err:1 http://mirror InRelease\n  Could not connect to 127.0.0.1:1\nE: No packages found\n';
    expect(aptReason(said)).toBe('Could not connect to 127.0.0.1:1');
    expect(aptReason('E: something else\n')).toBe('E: something else');
  });
});
