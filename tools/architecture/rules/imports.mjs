import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { importedByPath, kindOfFolder, projects, rings, specs } from '../../../architecture.mjs';

const root = resolve(import.meta.dirname, '../../..');
const scope = '@remitflow/';
const nothing = { kinds: [], packages: [], node: [] };

/** Every import, re-export, dynamic import and import type stands in the table of architecture.mjs, or is refused. */
export const imports = {
  meta: { type: 'problem', schema: [], messages: { refused: '{{reason}} (architecture.mjs)' } },
  create(context) {
    const importer = placeOf(relative(root, context.filename).split(sep).join('/'));
    if (!importer) return {};
    const check = (source, isTypeOnly) => {
      if (typeof source?.value !== 'string') return;
      const reason = objection(importer, { name: source.value, isTypeOnly });
      if (reason) context.report({ node: source, messageId: 'refused', data: { reason } });
    };
    return {
      ImportDeclaration: (node) => check(node.source, isTypeOnly(node)),
      ExportNamedDeclaration: (node) => check(node.source, node.exportKind === 'type'),
      ExportAllDeclaration: (node) => check(node.source, node.exportKind === 'type'),
      ImportExpression: (node) => check(node.source, false),
      TSImportType: (node) => check(node.source ?? node.argument?.literal, true),
    };
  },
};

const isTypeOnly = (node) =>
  node.importKind === 'type' ||
  (node.specifiers.length > 0 && node.specifiers.every((specifier) => specifier.importKind === 'type'));

/** Where a file stands: its project, the project's kind and, in a service, its ring. */
function placeOf(path) {
  const [first, second] = path.split('/');
  const project = first === 'e2e' ? 'e2e' : `${first}/${second}`;
  const kind = kindOfFolder[project] ?? kindOfProject(project);
  if (!kind) return undefined;
  const isSpec = /\.spec\.ts$/.test(path);
  return { path, project, kind, isSpec, ring: kind === 'service' ? ringOf(path) : undefined };
}

/** The row of a file in a service: its folder below src, or its own role. */
function ringOf(path) {
  const [, , , entry = ''] = path.split('/');
  return entry.endsWith('.module.ts') ? 'module' : entry.replace(/\.ts$/, '');
}

const kinds = new Map();

function kindOfProject(project) {
  if (!kinds.has(project)) {
    const manifest = join(root, project, 'package.json');
    const tags = existsSync(manifest) ? (JSON.parse(readFileSync(manifest, 'utf8')).nx?.tags ?? []) : [];
    kinds.set(project, tags.find((tag) => tag.startsWith('kind:'))?.slice('kind:'.length));
  }
  return kinds.get(project);
}

/** Why the import is refused, or nothing. */
function objection(importer, imported) {
  if (imported.name.startsWith('.')) return objectionToPath(importer, imported);
  if (imported.name.startsWith(scope)) return objectionToProject(importer, imported);
  return objectionToPackage(importer, imported);
}

function objectionToPath(importer, { name }) {
  const target = posix.join(dirname(importer.path), name);
  if (importedByPath[importer.kind]?.some((path) => target.startsWith(path))) return undefined;
  if (!target.startsWith(`${importer.project}/`)) {
    return `${importer.project} may not reach into ${target} by path: import the package by its name`;
  }
  const row = ringRowOf(importer);
  if (!row) return undefined;
  const neighbour = ringOf(target);
  if (row.neighbours.includes(neighbour)) return undefined;
  return `${importer.ring} may reach only ${list(row.neighbours)} of its service, not ${neighbour}`;
}

function objectionToProject(importer, { name, isTypeOnly }) {
  const [library, ...rest] = name.slice(scope.length).split('/');
  const kind = kindOfLibrary(library);
  if (!kind) return `there is no package ${name}`;
  if (rest.length > 0 && !exportsOf(library)[`./${rest.join('/')}`]) return `${name} is not exported`;
  const allowed = rowsOf(importer).flatMap(({ kinds }) => kinds);
  if (!allowed.includes(kind)) return `kind:${importer.kind} may import ${list(allowed)}, not kind:${kind}`;
  return objectionToLibrary(ringRowOf(importer), { importer, library, isTypeOnly });
}

function objectionToLibrary(row, { importer, library, isTypeOnly }) {
  if (!row || row.libraries.includes(library)) return undefined;
  if (!row.types.libraries.includes(library)) {
    return `${importer.ring} may use only ${list(row.libraries)}, not ${library}`;
  }
  return isTypeOnly ? undefined : `${importer.ring} may import only types of ${library}`;
}

function objectionToPackage(importer, { name, isTypeOnly }) {
  const row = ringRowOf(importer);
  const inProject = rowsOf(importer).some((one) => includes(one, name));
  const inRing = !row || includes(row, name) || (isTypeOnly && row.types.node.includes(name));
  return inProject && inRing
    ? undefined
    : `${importer.ring ?? `kind:${importer.kind}`} may not import ${name}`;
}

/** The rows of which one must allow the import … */
const rowsOf = ({ kind, isSpec }) => [projects[kind] ?? nothing, ...(isSpec ? [specs] : [])];

/** … and the row of the ring, which narrows them. */
const ringRowOf = ({ ring, isSpec }) => (isSpec ? undefined : rings[ring]);

const includes = ({ packages, node }, name) =>
  name.startsWith('node:')
    ? node === 'all' || node.includes(name)
    : packages.some((pattern) => fits(pattern, name));

const fits = (pattern, name) =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

const list = (names) => (names.length > 0 ? names.join(', ') : 'nothing');

const manifests = new Map();

/** The package.json of every workspace package, by its name without the scope. */
function manifestOf(library) {
  if (manifests.size === 0) {
    for (const project of projectFolders())
      manifests.set(nameOf(project), { ...manifestAt(project), project });
  }
  return manifests.get(library);
}

const kindOfLibrary = (library) => {
  const project = manifestOf(library)?.project;
  return project && kindOfProject(project);
};

const exportsOf = (library) => manifestOf(library)?.exports ?? {};

const projectFolders = () =>
  ['libs', 'services', 'tools'].flatMap((parent) =>
    readdirSync(join(root, parent))
      .map((name) => `${parent}/${name}`)
      .filter((project) => existsSync(join(root, project, 'package.json'))),
  );

const manifestAt = (project) => JSON.parse(readFileSync(join(root, project, 'package.json'), 'utf8'));

const nameOf = (project) => manifestAt(project).name.slice(scope.length);
