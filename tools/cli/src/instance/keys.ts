import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generateSealingKeys, serviceNames } from '@remitflow/kernel';

/** Every secret of a local instance, made at its first start and kept in one file that only its owner reads. */
export type InstanceKeys = {
  readonly sealing: { readonly publicKey: string; readonly privateKey: string };
  readonly validationAccountKeys: string;
  readonly payoutAccountKeys: string;
  readonly accountIndexKey: string;
  readonly databasePasswords: Readonly<Record<string, { readonly migrator: string; readonly app: string }>>;
  /** One for each service, and one for the login that only looks. */
  readonly brokerPasswords: Readonly<Record<string, string>>;
};

export function instanceKeys(state: string): InstanceKeys {
  const file = join(state, 'keys.json');
  if (!existsSync(file)) return written(file, generateKeys());
  const known = JSON.parse(readFileSync(file, 'utf8')) as InstanceKeys;
  // An instance of before services had logins of their own at the broker.
  return known.brokerPasswords ? known : written(file, { ...known, brokerPasswords: brokerPasswords() });
}

function written(file: string, keys: InstanceKeys): InstanceKeys {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(keys, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return keys;
}

const key = (): string => randomBytes(32).toString('base64');
const password = (): string => randomBytes(18).toString('base64url');

const brokerPasswords = (): InstanceKeys['brokerPasswords'] =>
  Object.fromEntries([...serviceNames, 'monitor'].map((name) => [name, password()]));

function generateKeys(): InstanceKeys {
  return {
    sealing: generateSealingKeys(),
    validationAccountKeys: `1:${key()}`,
    payoutAccountKeys: `1:${key()}`,
    accountIndexKey: key(),
    databasePasswords: Object.fromEntries(
      serviceNames.map((service) => [service, { migrator: password(), app: password() }]),
    ),
    brokerPasswords: brokerPasswords(),
  };
}
