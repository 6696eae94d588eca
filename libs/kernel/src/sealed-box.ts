import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { CannotProceed } from './errors.ts';

export type SealingKeys = { readonly publicKey: string; readonly privateKey: string };

/** A key pair for {@link seal} and {@link openSeal}, base64 of DER (SPKI and PKCS 8), X25519. */
export function generateSealingKeys(): SealingKeys {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  return { publicKey: encodePublic(publicKey), privateKey: privateKey.export(derPrivate).toString('base64') };
}

/**
 * Closes a text for the holder of the private key alone: an ephemeral X25519 key agrees on an AES-256-GCM key.
 * The context (an id that the text belongs to) is authenticated, so a seal cannot be moved to another record.
 */
export function seal(text: string, publicKey: string, context: string): string {
  const receiver = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  const ephemeral = generateKeyPairSync('x25519');
  const ephemeralPublic = ephemeral.publicKey.export(derPublic);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', agree(ephemeral.privateKey, receiver, ephemeralPublic), nonce);
  cipher.setAAD(Buffer.from(context, 'utf8'));
  const closed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([ephemeralPublic, nonce, cipher.getAuthTag(), closed]).toString('base64');
}

/** Throws `seal.broken` when the seal was made for another key or context, or was changed. */
export function openSeal(sealed: string, privateKey: string, context: string): string {
  try {
    const bytes = Buffer.from(sealed, 'base64');
    const [ephemeralPublic, nonce, tag] = [
      bytes.subarray(0, 44),
      bytes.subarray(44, 56),
      bytes.subarray(56, 72),
    ];
    const own = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' });
    const sender = createPublicKey({ key: ephemeralPublic, format: 'der', type: 'spki' });
    const decipher = createDecipheriv('aes-256-gcm', agree(own, sender, ephemeralPublic), nonce);
    decipher.setAAD(Buffer.from(context, 'utf8'));
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(bytes.subarray(72)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new CannotProceed('seal.broken', {}, { cause });
  }
}

const derPublic = { format: 'der', type: 'spki' } as const;
const derPrivate = { format: 'der', type: 'pkcs8' } as const;
const nonceBytes = 12;

const encodePublic = (key: KeyObject): string => key.export(derPublic).toString('base64');

const agree = (own: KeyObject, other: KeyObject, salt: Buffer): Buffer =>
  Buffer.from(
    hkdfSync('sha256', diffieHellman({ privateKey: own, publicKey: other }), salt, 'remitflow seal 1', 32),
  );
