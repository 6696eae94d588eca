import { execFileSync } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { heapFlags } from './heap.ts';

it('the flags of the heap are some that this V8 knows', () => {
  const known = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
  for (const flag of heapFlags) expect(known).toContain(flag.replace(/^--(no-)?/, '').split('=')[0]);
});
