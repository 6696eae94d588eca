import { readFileSync } from 'node:fs';
import { ServersError } from '../servers-error.ts';

export type Account = { readonly name: string; readonly uid: number; readonly gid: number };

const candidates = ['postgres', 'nobody', 'daemon', 'www-data'];

/** The account PostgreSQL must run as: none when we are not root, otherwise an existing unprivileged one (initdb refuses unknown uids). */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const account = chooseAccount(readFileSync('/etc/passwd', 'utf8'));
  if (account) return account;
  throw new ServersError(
    'no-unprivileged-account',
    'PostgreSQL refuses to run as root and this machine has no unprivileged account (postgres, nobody, daemon)',
    'Run the command as an ordinary user, or create an account: useradd --system postgres',
  );
}

/** The first usable candidate of a passwd(5) file. */
export function chooseAccount(passwd: string): Account | undefined {
  const accounts = passwd.split('\n').map((line) => line.split(':'));
  for (const name of candidates) {
    const found = accounts.find(([account]) => account === name);
    const uid = Number(found?.[2]);
    const gid = Number(found?.[3]);
    if (found && uid > 0 && Number.isInteger(gid)) return { name, uid, gid };
  }
  return undefined;
}
