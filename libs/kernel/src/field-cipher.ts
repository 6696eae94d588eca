import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { BrokenInvariant, CannotProceed } from './errors.ts';

/**
 * Keys for fields that are unreadable at rest, as `id:base64` of 32 bytes each, the first one in use for writing:
 * `2:…,1:…` after a rotation.
 */
export class FieldCipher {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #current: string;

  constructor(keys: string) {
    const parsed = keys.split(',').map((entry) => {
      const [id = '', encoded = ''] = entry.trim().split(':');
      const key = Buffer.from(encoded, 'base64');
      if (!/^\w{1,16}$/.test(id) || key.length !== 32) throw new BrokenInvariant('field-key.malformed');
      return [id, key] as const;
    });
    this.#keys = new Map(parsed);
    this.#current = parsed[0]![0];
  }

  /** AES-256-GCM, written as `keyId.nonce.tag.text`; bound to its context (table, column, row id). */
  encrypt(text: string, context: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#keys.get(this.#current)!, nonce);
    cipher.setAAD(Buffer.from(context, 'utf8'));
    const closed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return [
      this.#current,
      ...[nonce, cipher.getAuthTag(), closed].map((part) => part.toString('base64')),
    ].join('.');
  }

  /** Throws `field.unreadable` when the key is unknown, or the text was changed or belongs to another context. */
  decrypt(encrypted: string, context: string): string {
    const [keyId = '', nonce = '', tag = '', closed = ''] = encrypted.split('.');
    const key = this.#keys.get(keyId);
    if (!key) throw new CannotProceed('field.unreadable', { keyId });
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'));
      decipher.setAAD(Buffer.from(context, 'utf8'));
      decipher.setAuthTag(Buffer.from(tag, 'base64'));
      return Buffer.concat([decipher.update(Buffer.from(closed, 'base64')), decipher.final()]).toString(
        'utf8',
      );
    } catch (cause) {
      throw new CannotProceed('field.unreadable', { keyId }, { cause });
    }
  }
}

/** A keyed digest to look up or compare an encrypted value without reading it; the key is base64. */
export const blindIndex = (text: string, key: string): string =>
  createHmac('sha256', Buffer.from(key, 'base64')).update(text, 'utf8').digest('hex');
