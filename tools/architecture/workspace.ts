import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

export type Manifest = {
  readonly name: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly nx?: { readonly tags?: readonly string[] };
};

export type Project = {
  /** Relative to the root, with forward slashes. */
  readonly folder: string;
  readonly kind: string;
  readonly manifest: Manifest;
};

/** Every workspace package under a root, with the kind its nx tags give it. */
export function readProjects(at: string = root): Project[] {
  const folders = ['libs', 'services', 'tools']
    .filter((parent) => existsSync(join(at, parent)))
    .flatMap((parent) => readdirSync(join(at, parent)).map((name) => `${parent}/${name}`));
  return [...folders, 'e2e', 'bench']
    .filter((folder) => existsSync(join(at, folder, 'package.json')))
    .map((folder) => toProject(folder, readManifest(join(at, folder))));
}

export const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** Every file under a folder but what is built, relative to it, with forward slashes, in order. */
export function filesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !/(^|\/)(node_modules|dist)\//.test(file))
    .sort();
}

const toProject = (folder: string, manifest: Manifest): Project => ({
  folder,
  manifest,
  kind: manifest.nx?.tags?.find((tag) => tag.startsWith('kind:'))?.slice('kind:'.length) ?? 'none',
});
