import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { serviceNames } from '@remitflow/contracts';
import { shapeFaults, migrationFaults } from './service-shape.ts';
import { filesUnder, readProjects, root } from './workspace.ts';

describe('the shape of a service', () => {
  it.each(serviceNames)('%s has it', (service) => {
    expect(shapeFaults(join(root, 'services', service), service)).toEqual([]);
  });

  it('belongs to the services of the registry and to nobody else', () => {
    const services = readProjects().filter(({ folder }) => folder.startsWith('services/'));
    expect(services.map(({ folder }) => folder).sort()).toEqual(
      serviceNames.map((name) => `services/${name}`).sort(),
    );
  });

  it('is missed when something is missing, extra or misnamed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'shape-'));
    for (const ring of ['inbound', 'outbound', 'helpers'])
      mkdirSync(join(folder, 'src', ring), { recursive: true });
    writeFileSync(join(folder, 'src', 'inbound', 'payees.service.ts'), '');
    writeFileSync(join(folder, 'README.md'), '# other\n');
    expect(shapeFaults(folder, 'payout')).toEqual(
      expect.arrayContaining([
        'missing entry package.json',
        'missing entry src/ domain/',
        'missing entry src/ payout.module.ts',
        'extra entry src/ helpers/',
        'missing src/outbound/work.ts',
        'inbound/payees.service.ts has a role that does not exist there',
        'README.md does not begin with “# payout”',
        'README.md has no row “| hears | …”',
      ]),
    );
    rmSync(folder, { recursive: true });
  });
});

describe('migrations', () => {
  it.each([
    'libs/messaging/src/postgres/migrations',
    ...serviceNames.map((name) => `services/${name}/src/migrations`),
  ])('%s is numbered without gaps and twins', (folder) =>
    expect(migrationFaults(join(root, folder))).toEqual([]),
  );

  it('are refused with a gap, a twin or another name', () => {
    const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
    for (const name of ['0001-a.sql', '0001-b.sql', '0004-c.sql', 'D.sql'])
      writeFileSync(join(folder, name), '');
    expect(migrationFaults(folder)).toHaveLength(4);
    rmSync(folder, { recursive: true });
  });
});

describe('files', () => {
  const files = ['libs', 'services', 'tools', 'e2e'].flatMap((folder) =>
    filesUnder(join(root, folder)).map((file) => `${folder}/${file}`),
  );

  it('name the kind of a spec: .spec.ts, .int.spec.ts or .e2e.spec.ts', () => {
    const specs = files.filter((file) => /\.(spec|test)\.[a-z]+$/.test(file));
    const kinds = /\/[^./]+(\.[a-z-]+)?(\.int|\.e2e)?\.spec\.ts$/;
    expect(specs.filter((file) => !kinds.test(file))).toEqual([]);
    expect(specs.filter((file) => file.startsWith('e2e/') && !file.endsWith('.e2e.spec.ts'))).toEqual([]);
  });

  it('stand at most two folders below src', () => {
    expect(files.filter((file) => /\/src\/([^/]+\/){3}/.test(file))).toEqual([]);
  });

  it('have an index in libraries and tools, never inside a service', () => {
    expect(files.filter((file) => file.startsWith('services/') && file.endsWith('/index.ts'))).toEqual([]);
    const libraries = readProjects().filter(({ folder }) => folder.startsWith('libs/'));
    expect(libraries.filter(({ folder }) => !files.includes(`${folder}/src/index.ts`))).toEqual([]);
  });
});
