import { expect, it } from '@jest/globals';
import { peekInterchange } from './peek-interchange.ts';

const isa =
  'ISA*00*          *00*          *ZZ*SENDER         *30*123456789      *261122*0130*^*00501*000000077*0*T*:~';

it.each(['', '\uFEFF', '\r\n'])(
  'the sender and number of the first interchange are known at once (after %j)',
  (before) => {
    expect(peekInterchange(Buffer.from(`${before}${isa}GS*HC`))).toEqual({
      sender: 'ZZ*SENDER',
      controlNumber: '000000077',
      usage: 'T',
      byteOffset: Buffer.byteLength(before),
    });
  },
);

it('an ISA of another width is left to the reader', () => {
  expect(peekInterchange(Buffer.from(isa.replace('SENDER ', 'SENDER')))).toBeUndefined();
});
