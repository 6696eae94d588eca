import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import prettier from 'prettier';
import { lintTexts } from '../architecture/lint-texts.ts';
import { shapeFaults } from '../architecture/service-shape.ts';
import { filesUnder } from '../architecture/workspace.ts';
import { runNew } from './run-new.ts';

const root = resolve(import.meta.dirname, '../..');
let copy: string;

/** A workspace with the contracts and one service to take the toolchain from. */
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'new-'));
  for (const path of [
    'libs/contracts/src',
    'libs/contracts/package.json',
    'services/audit/package.json',
    'tsconfig.json',
    '.prettierrc.json',
  ]) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(root, path), join(copy, path), { recursive: true });
  }
  mkdirSync(join(copy, 'services/payout/src/migrations'), { recursive: true });
  writeFileSync(join(copy, 'services/payout/package.json'), '{}');
  writeFileSync(join(copy, 'package.json'), '{ "type": "module" }');
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

const run = (...args: string[]) => runNew(copy, args);
const read = (path: string): string => readFileSync(join(copy, path), 'utf8');

/** Generated texts are linted as if they stood in a service that exists, so that the rings hold. */
const objections = (paths: readonly string[]): string[] => {
  const probes = paths.map((path) => ({ path: path.replaceAll('portal', 'payout'), text: read(path) }));
  return lintTexts(probes).flatMap((found, position) =>
    found.map(({ message }) => `${paths[position]}: ${message}`),
  );
};

const unformatted = async (paths: readonly string[]): Promise<string[]> => {
  const options = { ...(await prettier.resolveConfig(join(root, 'package.json'))) };
  const checked = await Promise.all(
    paths.map((path) => prettier.check(read(path), { ...options, filepath: path })),
  );
  return paths.filter((_, position) => !checked[position]);
};

const typeErrors = (include: readonly string[]): string => {
  const settings = {
    extends: './tsconfig.json',
    compilerOptions: {
      incremental: false,
      tsBuildInfoFile: null,
      preserveSymlinks: false,
      types: ['node', 'jest'],
    },
    include,
    exclude: [],
  };
  writeFileSync(join(copy, 'tsconfig.probe.json'), JSON.stringify(settings));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  return spawnSync(process.execPath, [tsc, '--noEmit', '-p', 'tsconfig.probe.json'], {
    cwd: copy,
    encoding: 'utf8',
  }).stdout;
};

describe('a new service', () => {
  it('has the shape, passes lint and format', async () => {
    expect(await run('service', 'portal')).toMatchObject({ exitCode: 0, error: '' });
    const files = filesUnder(join(copy, 'services/portal')).map((file) => `services/portal/${file}`);
    expect(files.length).toBeGreaterThan(10);
    expect(shapeFaults(join(copy, 'services/portal'), 'portal')).toEqual([]);
    expect(objections(files.filter((file) => file.endsWith('.ts')))).toEqual([]);
    expect(await unformatted(files.filter((file) => /\.(ts|json|md)$/.test(file)))).toEqual([]);
  });

  it('is not made over one that exists', async () => {
    expect(await run('service', 'portal')).toMatchObject({
      exitCode: 2,
      error: expect.stringContaining('exists already'),
    });
  });
});

describe('a new use case', () => {
  it('comes with a spec, and both pass lint, format and types', async () => {
    expect(await run('use-case', 'payout', 'release-held-payment')).toMatchObject({ exitCode: 0 });
    const files = ['release-held-payment.ts', 'release-held-payment.spec.ts'].map(
      (name) => `services/payout/src/use-cases/${name}`,
    );
    expect(objections(files)).toEqual([]);
    expect(await unformatted(files)).toEqual([]);
  });
});

describe('a new fact', () => {
  it('stands in the registry and the index, with a golden sample, and compiles', async () => {
    expect(await run('fact', 'payouts.released', 'payout', 'audit')).toMatchObject({ exitCode: 0 });
    expect(read('libs/contracts/src/index.ts')).toContain(`export * from './facts/payouts-released.ts';`);
    expect(read('libs/contracts/src/registry.ts')).toMatch(/ {2}PayoutsReleased, .*\n {2}MessagesRedriven,/);
    expect(existsSync(join(copy, 'libs/contracts/golden/payouts.released.v1.json'))).toBe(true);
    const files = ['libs/contracts/src/facts/payouts-released.ts', 'libs/contracts/src/registry.ts'];
    expect(objections(files)).toEqual([]);
    expect(await unformatted(files)).toEqual([]);
  }, 60_000);
});

describe('what was made', () => {
  it('compiles, once the registry knows the service', () => {
    // Under a name that it does know.
    const file = join(copy, 'services/portal/src/portal.module.ts');
    writeFileSync(file, readFileSync(file, 'utf8').replace(`name: 'portal'`, `name: 'audit'`));
    expect(typeErrors(['services/*/src', 'libs/contracts/src'])).toBe('');
  }, 60_000);
});

describe('a new migration', () => {
  it('takes the next number', async () => {
    await run('migration', 'payout', 'create-payables');
    await run('migration', 'payout', 'add-release-note');
    expect(readdirSync(join(copy, 'services/payout/src/migrations'))).toEqual([
      '0001-create-payables.sql',
      '0002-add-release-note.sql',
    ]);
  });
});

describe('a mistake', () => {
  it.each([
    [[], 'Say what to make'],
    [['servcie', 'x'], 'There is no “servcie”'],
    [['service', 'My Service'], 'one word in lower case'],
    [['use-case', 'nobody', 'do-it'], 'There is no service “nobody”'],
    [['use-case', 'payout', 'DoIt'], 'kebab-case'],
    [['fact', 'payouts.release', 'payout', ''], 'past tense'],
    [['fact', 'payouts.moved', 'nobody', ''], 'There is no service “nobody”'],
    [['migration', 'payout', 'Add Note'], 'kebab-case'],
    [['migration', 'nobody', 'add-note'], 'There is no service “nobody”'],
  ])('%j is told so, and nothing is written', async (args, message) => {
    const before = filesUnder(copy);
    expect(await run(...args)).toMatchObject({
      exitCode: 2,
      out: '',
      error: expect.stringContaining(message),
    });
    expect(filesUnder(copy)).toEqual(before);
  });

  it('is not made by asking for help', async () => {
    expect(await run('--help')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('use-case payout release-held-payment'),
    });
  });
});
