import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The root of the checkout: the folder that holds nx.json. */
export const root: string = findRoot();

function findRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'nx.json'))) folder = dirname(folder);
  return folder;
}
