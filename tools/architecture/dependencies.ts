import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { filesUnder, root, type Project } from './workspace.ts';

/** What a project's sources import and its package.json does not name, and what it names and nothing imports. */
export type Differences = { readonly undeclared: string[]; readonly unused: string[] };

/** Packages that another package of the same project needs at run time without being imported by name. */
const neededUnseen = new Set(['reflect-metadata', '@nestjs/platform-express', 'class-transformer']);

export function compareDependencies(project: Project, rootPackages: ReadonlySet<string>): Differences {
  const declared = namesOf(project.manifest.dependencies);
  const inSpecs = namesOf(project.manifest.devDependencies);
  const undeclared = new Set<string>();
  const used = new Set<string>();
  for (const file of sourcesOf(project)) {
    for (const name of importedPackages(readFileSync(join(root, project.folder, file), 'utf8'))) {
      used.add(name);
      const isKnown =
        declared.has(name) ||
        (isNeverDeployed(project) && inSpecs.has(name)) ||
        (isForTests(file) && (inSpecs.has(name) || isTestPackage(name, rootPackages)));
      if (!isKnown && !isTypesOnly(name, rootPackages)) undeclared.add(`${file}: ${name}`);
    }
  }
  const unused = [...declared].filter((name) => !used.has(name) && !neededUnseen.has(name));
  return { undeclared: [...undeclared].sort(), unused: unused.sort() };
}

const namesOf = (dependencies: Readonly<Record<string, string>> = {}): ReadonlySet<string> =>
  new Set(Object.keys(dependencies));

/** The names of the packages in the imports of a text, Node's own and relative ones left out. */
export function importedPackages(text: string): string[] {
  const { importedFiles } = ts.preProcessFile(text, true, false);
  const names = importedFiles.map(({ fileName }) => fileName);
  return [...new Set(names.filter((name) => !/^(\.|node:)/.test(name)).map(packageOf))];
}

const sourcesOf = ({ folder }: Project): string[] =>
  filesUnder(join(root, folder)).filter((file) => /\.(ts|mjs)$/.test(file));

/** Tests may use what the workspace itself has, and the test helpers. */
const isForTests = (file: string): boolean => /\.spec\.ts$|(^|\/)testing\//.test(file);
const isTestPackage = (name: string, rootPackages: ReadonlySet<string>): boolean =>
  rootPackages.has(name) || name.startsWith('@remitflow/');

/** What only measures is installed with the development packages: its peers must not reach a deployment. */
const isNeverDeployed = ({ kind }: Project): boolean => kind === 'bench';

/** `import type … from 'express'` needs @types/express alone, which is a development package of the workspace. */
const isTypesOnly = (name: string, rootPackages: ReadonlySet<string>): boolean =>
  name === 'express' && rootPackages.has('@types/express');

const packageOf = (name: string): string =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
