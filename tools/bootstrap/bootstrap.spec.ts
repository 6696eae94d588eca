import { describe, expect, it } from '@jest/globals';

// Plain JavaScript without types: it runs before anything is installed.
const { isSupported } = await load<{ isSupported(version: string): boolean }>('node-version');
const { refusal } = await load<{ refusal(output: string): Error & { nextAction: string } }>('install');
const { isAlive } = await load<{ isAlive(recorded: { pid: number; startedAt: string }): boolean }>(
  'recorded',
);

describe('the version of Node', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0', '100.0.0'])('%s is taken', (version) => {
    expect(isSupported(version)).toBe(true);
  });

  it.each(['20.18.3', '18.20.0', '8.17.0', '0.12.18'])('%s is refused', (version) => {
    expect(isSupported(version)).toBe(false);
  });
});

describe('what npm says when it cannot install', () => {
  it.each([
    ['npm error code ENOTFOUND', /no network for packages/],
    ['npm error connect ECONNREFUSED 127.0.0.1:1', /no network for packages/],
    ['npm error code ENOSPC', /disk is full/],
    ['npm error code EACCES: permission denied', /another user/],
    ['npm error something else', /something else/],
  ])('%s', (output, message) => {
    expect(refusal(output).message).toMatch(message);
    expect(refusal(output).nextAction).not.toBe('');
  });
});

describe('a recorded process', () => {
  it('is not the one that has its number now', () => {
    expect(isAlive({ pid: process.pid, startedAt: 'an earlier boot:1' })).toBe(false);
  });
});

async function load<Module>(name: string): Promise<Module> {
  return (await import(new URL(`./${name}.mjs`, import.meta.url).href)) as Module;
}
