import { execFileSync } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { heapFlag } from './heap.ts';

it('the flag that lets the heap double is one that this V8 knows', () => {
  const known = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
  expect(known).toContain(heapFlag.split('=')[0]);
});
