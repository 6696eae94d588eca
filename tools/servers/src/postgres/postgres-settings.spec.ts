import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { postgresSettings, productionSettings } from './postgres-settings.ts';

type Compose = { services: { postgres: { command: readonly string[]; environment: object } } };

const root = join(import.meta.dirname, '..', '..', '..', '..');
const valuesOf = (args: readonly string[]): readonly string[] => args.filter((argument) => argument !== '-c');

describe('the settings of PostgreSQL', () => {
  it('never give up durability but for tests', () => {
    const full = valuesOf(postgresSettings(1, 'full'));
    expect(full).toEqual(expect.arrayContaining(['fsync=on', 'synchronous_commit=on']));
    expect(full.filter((one) => one.startsWith('full_page_writes'))).toEqual([]);
    expect(valuesOf(postgresSettings(1, 'none'))).toContain('fsync=off');
  });

  it('are the same in docker-compose.yml', () => {
    const { services } = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), {
      merge: true,
    }) as Compose;
    const [program, ...args] = services.postgres.command;
    expect(program).toBe('postgres');
    expect(valuesOf(args)).toEqual(productionSettings);
  });
});
