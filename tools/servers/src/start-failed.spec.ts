import { describe, expect, it } from '@jest/globals';
import { startFailed } from './start-failed.ts';

describe('the error for a server that would not run', () => {
  it.each([
    ['FATAL: could not write: No space left on device', 'disk-full'],
    ['could not bind IPv4 address "127.0.0.1": Address already in use', 'port-taken'],
    ['{could_not_start_listener,"127.0.0.1",5672,eaddrinuse}', 'port-taken'],
    ['something else', 'start-failed'],
  ])('%s', (output, code) => {
    expect(startFailed('It did not start', output)).toMatchObject({ code });
  });
});
