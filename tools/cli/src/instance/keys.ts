import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateSealingKeys, serviceNames } from '@remitflow/kernel';

/** Every secret of a local instance, made at its first start and kept in one file that only its owner reads. */
export type InstanceKeys = {
  readonly sealing: { readonly publicKey: string; readonly privateKey: string };
  readonly validationAccountKeys: string;
  readonly payoutAccountKeys: string;
  readonly accountIndexKey: string;
  readonly databasePasswords: Readonly<Record<string, { readonly migrator: string; readonly app: string }>>;
};

export function instanceKeys(state: string): InstanceKeys {
  const file = join(state, 'keys.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as InstanceKeys;
  mkdirSync(state, { recursive: true });
  const keys = generateKeys();
  writeFileSync(file, JSON.stringify(keys, null, 2), { mode: 0o600, flag: 'wx' });
  return keys;
}

function generateKeys(): InstanceKeys {
  const key = (): string => randomBytes(32).toString('base64');
  const password = (): string => randomBytes(18).toString('base64url');
  return {
    sealing: generateSealingKeys(),
    validationAccountKeys: `1:${key()}`,
    payoutAccountKeys: `1:${key()}`,
    accountIndexKey: key(),
    databasePasswords: Object.fromEntries(
      serviceNames.map((service) => [service, { migrator: password(), app: password() }]),
    ),
  };
}
