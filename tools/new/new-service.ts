import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from './change.ts';
import { serviceFiles } from './service-files.ts';
import { UsageError } from './usage.ts';
import { isKebab } from './words.ts';

/** A service of the one shape, with one example of each part: entries that are posted and stored. */
export function newService(root: string, [name = '']: readonly string[]): Change {
  if (!isKebab(name) || name.includes('-'))
    throw new UsageError(`A service is named by one word in lower case, not “${name}”.`);
  const files = Object.entries(serviceFiles(name, manifestOf(root)));
  return {
    created: Object.fromEntries(files.map(([path, text]) => [`services/${name}/${path}`, text])),
    left: [
      `Add '${name}' to serviceNames in libs/contracts: until then it does not compile.`,
      'npm install, which links the new package.',
      'A target in the Dockerfile; two entries, a volume if it needs one, and two secrets in docker-compose.yml and tools/provision/variables.mjs.',
      'The specs in tools/architecture say what is missing.',
    ],
  };
}

/** The toolchain of a package is taken from one that exists, so that there is no second list of versions. */
function manifestOf(root: string): string {
  const file = join(root, 'services', 'audit', 'package.json');
  if (!existsSync(file)) throw new UsageError('There is no services/audit to take the package.json from.');
  return readFileSync(file, 'utf8');
}
