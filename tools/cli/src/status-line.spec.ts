import { beforeEach, describe, expect, it } from '@jest/globals';
import { StatusLine } from './status-line.ts';

let written: string[];
let now: number;
const open = (isTTY: boolean): StatusLine =>
  new StatusLine({ isTTY, columns: 20, write: (text: string) => written.push(text) > 0 }, () => now);

beforeEach(() => {
  written = [];
  now = 0;
});

describe('a line of status', () => {
  it('is written every few seconds without a terminal, also when nothing changes', () => {
    const line = open(false);
    for (now = 0; now <= 25_000; now += 500) line.show(now < 6_000 ? `at ${now}` : 'still');
    line.stop();
    expect(written).toEqual(['at 0', 'at 2000', 'at 4000', 'still', 'still'].map((text) => `  ${text}\n`));
  });

  it('says the last state when it ends, once', () => {
    const line = open(false);
    line.show('first');
    line.show('last');
    line.stop();
    line.stop();
    expect(written).toEqual(['  first\n', '  last\n']);
  });

  it('is rewritten on a terminal, and cut to its width', () => {
    const line = open(true);
    line.show('one');
    line.show('one');
    line.show('one and much more than fits');
    line.stop();
    expect(written).toEqual(['\r\u001b[2K  one', '\r\u001b[2K  one and much mor…', '\n']);
  });
});
