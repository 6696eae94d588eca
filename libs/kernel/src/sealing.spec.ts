import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { blindIndex, FieldCipher } from './field-cipher.ts';
import { generateSealingKeys, openSeal, seal } from './sealed-box.ts';

const aKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;

describe('a sealed box', () => {
  const keys = generateSealingKeys();

  it('opens for its key and context, and never looks the same twice', () => {
    const [a, b] = [
      seal('000123456789', keys.publicKey, 'account 1'),
      seal('000123456789', keys.publicKey, 'account 1'),
    ];
    expect(a).not.toBe(b);
    expect(openSeal(a, keys.privateKey, 'account 1')).toBe('000123456789');
    expect(a.length).toBeLessThan(400);
  });

  it.each([
    ['another context', (sealed: string) => openSeal(sealed, keys.privateKey, 'account 2')],
    ['another key', (sealed: string) => openSeal(sealed, generateSealingKeys().privateKey, 'account 1')],
    [
      'a changed byte',
      (sealed: string) => openSeal(`${sealed.slice(0, -5)}AAAA=`, keys.privateKey, 'account 1'),
    ],
    ['nothing', () => openSeal('', keys.privateKey, 'account 1')],
  ])('does not open for %s', (_, open) => {
    expect(() => open(seal('000123456789', keys.publicKey, 'account 1'))).toThrow('seal.broken');
  });
});

describe('an encrypted field', () => {
  it('is read with a key that was rotated out, and written with the new one', () => {
    const [old, fresh] = [aKey('1'), aKey('2')];
    const written = new FieldCipher(old).encrypt('000123456789', 'accounts.number.7');
    const rotated = new FieldCipher(`${fresh},${old}`);
    expect(rotated.decrypt(written, 'accounts.number.7')).toBe('000123456789');
    expect(rotated.encrypt('x', 'c')).toMatch(/^2\./);
    expect(() => rotated.decrypt(written, 'accounts.number.8')).toThrow('field.unreadable');
    expect(() => new FieldCipher(fresh).decrypt(written, 'accounts.number.7')).toThrow('field.unreadable');
  });

  it.each(['', 'x', '1:short', '1'])('refuses %j as keys', (keys) => {
    expect(() => new FieldCipher(keys)).toThrow('field-key.malformed');
  });

  it('is found by its blind index', () => {
    const key = randomBytes(32).toString('base64');
    expect(blindIndex('1', key)).toBe(blindIndex('1', key));
    expect(blindIndex('1', key)).not.toBe(blindIndex('1', randomBytes(32).toString('base64')));
  });
});
