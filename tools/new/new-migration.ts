import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from './change.ts';
import { isKebab, spoken } from './words.ts';
import { UsageError } from './usage.ts';

/** The next numbered SQL file of a service. */
export function newMigration(root: string, [service = '', what = '']: readonly string[]): Change {
  const folder = `services/${service}/src/migrations`;
  if (!existsSync(join(root, 'services', service, 'package.json')))
    throw new UsageError(`There is no service “${service}”.`);
  if (!isKebab(what))
    throw new UsageError(`Say what the migration does, in kebab-case: add-release-note, not “${what}”.`);
  const before = existsSync(join(root, folder))
    ? readdirSync(join(root, folder)).filter((name) => name.endsWith('.sql'))
    : [];
  const number = String(Math.max(0, ...before.map((name) => Number.parseInt(name, 10))) + 1).padStart(4, '0');
  return {
    created: {
      [`${folder}/${number}-${what}.sql`]: `-- ${spoken(what)}: forward only, and safe while the version before still runs.\n`,
    },
    left: ['Write the SQL in lower-case keywords, then run the integration spec of the store that uses it.'],
  };
}
