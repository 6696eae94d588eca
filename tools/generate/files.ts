import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What stands under a folder and what should: the paths that are missing, different or left over. */
export function staleFiles(root: string, folder: string, wanted: ReadonlyMap<string, string>): string[] {
  const different = [...wanted]
    .filter(([path, text]) => textOf(join(root, path)) !== text)
    .map(([path]) => path);
  return [...different, ...leftOver(root, folder, wanted)].sort();
}

/** Writes what differs and removes what nobody generates any more; answers the paths it touched. */
export function writeFiles(root: string, folder: string, wanted: ReadonlyMap<string, string>): string[] {
  const stale = staleFiles(root, folder, wanted);
  for (const path of stale) {
    const text = wanted.get(path);
    if (text === undefined) rmSync(join(root, path));
    else {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }
  return stale;
}

const textOf = (path: string): string | undefined =>
  existsSync(path) ? readFileSync(path, 'utf8') : undefined;

function leftOver(root: string, folder: string, wanted: ReadonlyMap<string, string>): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !wanted.has(path));
}
