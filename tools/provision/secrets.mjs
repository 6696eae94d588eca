import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { secretVariables } from './variables.mjs';

/** Writes .env with a generated value for every secret; refuses when there is one, since its keys open stored numbers. */
const file = resolve(process.argv[2] ?? resolve(import.meta.dirname, '../../.env'));
if (existsSync(file)) {
  process.stderr.write(`${file} exists: its keys open what is stored, so it is not written again\n`);
  process.exit(1);
}
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
const lines = secretVariables.map((name) => `${name}=${valueOf(name)}`);
writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
process.stdout.write(`${file}: ${lines.length} secrets\n`);
