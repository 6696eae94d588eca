import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { secretVariables } from './variables.mjs';

/**
 * Writes .env with a generated value for every secret. One that exists keeps every value, since its keys open stored
 * numbers; what it does not name yet is added.
 */
const file = resolve(process.argv[2] ?? resolve(import.meta.dirname, '../../.env'));
const known = existsSync(file) ? readFileSync(file, 'utf8') : '';
const missing = secretVariables.filter((name) => !new RegExp(`^${name}=`, 'm').test(known));
const key = () => randomBytes(32).toString('base64');
const sealing = generateKeyPairSync('x25519', {
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
});
const keys = {
  REMITFLOW_SEAL_PUBLIC_KEY: sealing.publicKey.toString('base64'),
  REMITFLOW_SEAL_PRIVATE_KEY: sealing.privateKey.toString('base64'),
  REMITFLOW_VALIDATION_ACCOUNT_KEYS: `1:${key()}`,
  REMITFLOW_VALIDATION_ACCOUNT_INDEX_KEY: key(),
  REMITFLOW_PAYOUT_ACCOUNT_KEYS: `1:${key()}`,
};
// Passwords stand in URLs: base64url needs no escaping there.
const valueOf = (name) => keys[name] ?? randomBytes(24).toString('base64url');
const lines = missing.map((name) => `${name}=${valueOf(name)}\n`);
const gap = known && !known.endsWith('\n') ? '\n' : '';
if (known) appendFileSync(file, `${gap}${lines.join('')}`);
else writeFileSync(file, lines.join(''), { mode: 0o600 });
process.stdout.write(`${file}: ${lines.length} secrets ${known ? 'added' : 'written'}\n`);
