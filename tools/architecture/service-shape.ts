import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, readManifest } from './workspace.ts';

/** What every service consists of, no more and no less; specs may stand beside what they test. */
export const entriesOf = (service: string): string[] =>
  [
    'config.ts',
    'domain/',
    'inbound/',
    'main.ts',
    'messages.ts',
    'migrations/',
    'outbound/',
    'use-cases/',
    `${service}.module.ts`,
  ].sort();

/** The first column of the table in every service's README. */
export const readmeRows = ['decides', 'hears', 'says', 'owns', 'knobs'];

/** What differs from the shape in the service at this folder, in words; empty when nothing does. */
export function shapeFaults(folder: string, service: string): string[] {
  return [
    ...entryFaults(folder, service),
    ...suffixFaults(folder),
    ...manifestFaults(folder, service),
    ...readmeFaults(folder, service),
    ...migrationFaults(join(folder, 'src', 'migrations')),
  ];
}

function entryFaults(folder: string, service: string): string[] {
  const outer = entries(folder).filter((name) => name !== 'dist/' && name !== 'node_modules/');
  return [
    ...difference('entry', ['README.md', 'package.json', 'src/'], outer),
    ...difference('entry src/', entriesOf(service), entries(join(folder, 'src')).filter(isNoSpec)),
    ...(existsSync(join(folder, 'src/outbound/work.ts')) ? [] : ['missing src/outbound/work.ts']),
  ];
}

const roles: Readonly<Record<string, readonly string[]>> = {
  inbound: ['handler', 'controller', 'job', 'builder'],
  outbound: ['store', 'gateway', 'builder'],
  'use-cases': ['builder'],
  domain: ['builder'],
};

/** A suffix names a role at the edge, where it tells how the world comes in or is reached; no other roles exist. */
function suffixFaults(folder: string): string[] {
  return Object.entries(roles).flatMap(([ring, suffixes]) =>
    filesUnder(join(folder, 'src', ring))
      .filter((file) => isNoSpec(file) && !isOfRole(file, suffixes))
      .map((file) => `${ring}/${file} has a role that does not exist there`),
  );
}

function isOfRole(file: string, suffixes: readonly string[]): boolean {
  const [, suffix, ...more] = (file.split('/').at(-1) ?? '').replace(/\.ts$/, '').split('.');
  return more.length === 0 && (suffix === undefined || suffixes.includes(suffix));
}

function manifestFaults(folder: string, service: string): string[] {
  if (!existsSync(join(folder, 'package.json'))) return [];
  const { name, nx, scripts } = readManifest(folder);
  return [
    ...(name === `@remitflow/${service}` ? [] : [`package.json is named ${name}`]),
    ...(nx?.tags?.join() === 'kind:service' ? [] : ['package.json is not tagged kind:service']),
    ...difference('script', ['build', 'lint', 'spec'], Object.keys(scripts ?? {})),
  ];
}

function readmeFaults(folder: string, service: string): string[] {
  const file = join(folder, 'README.md');
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  const cells = [...text.matchAll(/^\|\s*\**([a-z]+)\**\s*\|/gim)].map(([, cell = '']) => cell.toLowerCase());
  return [
    ...(text.startsWith(`# ${service}\n`) ? [] : [`README.md does not begin with “# ${service}”`]),
    ...readmeRows.filter((row) => !cells.includes(row)).map((row) => `README.md has no row “| ${row} | …”`),
  ];
}

/** Numbered without gaps or twins, each number once: 0001-create-payees.sql. */
export function migrationFaults(folder: string): string[] {
  const files = entries(folder);
  const misnamed = files.filter((name) => !/^\d{4}-[a-z0-9]+(-[a-z0-9]+)*\.sql$/.test(name));
  const gaps = files.filter((name, position) => Number(name.slice(0, 4)) !== position + 1);
  return [
    ...misnamed.map((name) => `migrations/${name} is not named 0001-what-it-does.sql`),
    ...gaps.map((name) => `migrations/${name} is out of number`),
  ];
}

/** The entries of a folder in order, folders with a slash. Git keeps no empty folder, and neither do we. */
export function entries(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort();
}

const isNoSpec = (name: string): boolean => !/\.spec\.ts$/.test(name);

const difference = (what: string, wanted: readonly string[], found: readonly string[]): string[] => [
  ...wanted.filter((name) => !found.includes(name)).map((name) => `missing ${what} ${name}`),
  ...found.filter((name) => !wanted.includes(name)).map((name) => `extra ${what} ${name}`),
];
