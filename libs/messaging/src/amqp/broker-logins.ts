import { createHash, randomBytes } from 'node:crypto';
import type { BrokerLogin, Management } from './management.ts';
import type { Permissions } from './permissions.ts';

/** A login that must exist on the broker, what it may do in one virtual host, and what it may see of the broker. */
export type LoginWanted = BrokerLogin & {
  readonly permissions: Permissions;
  /** Of the management interface: `monitoring` reads queues, bindings and metrics. */
  readonly tags?: readonly string[];
};

/**
 * Makes a login, or brings one that exists to the wanted state; gives what it changed. Which keys it may publish with is
 * said before that it may publish, since an exchange without such an entry takes every key. By single calls and not by
 * importing definitions: those fail on topic permissions before 4.2.
 */
export async function provisionLogin(
  management: Management,
  virtualHost: string,
  wanted: LoginWanted,
): Promise<readonly string[]> {
  return [
    ...(await provisionUser(management, wanted)),
    ...(await provisionTopics(management, virtualHost, wanted)),
    ...(await provisionPermissions(management, virtualHost, wanted)),
  ];
}

async function provisionUser(management: Management, wanted: LoginWanted): Promise<readonly string[]> {
  const { user, password, tags = [] } = wanted;
  const path = `/api/users/${encodeURIComponent(user)}`;
  const found = await management.find<FoundUser>(path);
  if (found && opens(found, password) && String(found.tags) === String(tags)) return [];
  await management.put(path, {
    password_hash: passwordHash(password, randomBytes(saltBytes)),
    hashing_algorithm: hashing,
    tags: tags.join(','),
  });
  return [found ? `login ${user} has its password and tags` : `login ${user} is made`];
}

type FoundUser = { password_hash: string; hashing_algorithm: string; tags: string[] | string };

const hashing = 'rabbit_password_hashing_sha256';
const saltBytes = 4;

/** As the broker keeps it: four bytes of salt, then the SHA-256 of salt and password, in base64. */
export function passwordHash(password: string, salt: Uint8Array): string {
  const digest = createHash('sha256').update(salt).update(password, 'utf8').digest();
  return Buffer.concat([salt, digest]).toString('base64');
}

function opens(found: FoundUser, password: string): boolean {
  const salt = Buffer.from(found.password_hash, 'base64').subarray(0, saltBytes);
  return found.hashing_algorithm === hashing && found.password_hash === passwordHash(password, salt);
}

async function provisionTopics(
  management: Management,
  virtualHost: string,
  { user, permissions }: LoginWanted,
): Promise<readonly string[]> {
  const path = `/api/topic-permissions/${encodeURIComponent(virtualHost)}/${encodeURIComponent(user)}`;
  const found = (await management.find<Permissions['topics']>(path)) ?? [];
  const changed = permissions.topics.filter(
    (topic) => !found.some((one) => isSame(one, topic, ['exchange', 'write', 'read'])),
  );
  for (const topic of changed) await management.put(path, topic);
  return changed.map(({ exchange }) => `login ${user} has its topics on ${exchange}`);
}

async function provisionPermissions(
  management: Management,
  virtualHost: string,
  { user, permissions }: LoginWanted,
): Promise<readonly string[]> {
  const path = `/api/permissions/${encodeURIComponent(virtualHost)}/${encodeURIComponent(user)}`;
  const { configure, write, read } = permissions;
  const found = await management.find<Permissions>(path);
  if (found && isSame(found, permissions, ['configure', 'write', 'read'])) return [];
  await management.put(path, { configure, write, read });
  return [`login ${user} has its permissions`];
}

const isSame = <One extends object>(one: One, other: One, keys: readonly (keyof One)[]): boolean =>
  keys.every((key) => one[key] === other[key]);
