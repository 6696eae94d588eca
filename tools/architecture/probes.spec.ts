import { describe, expect, it } from '@jest/globals';
import { lintTexts, type Probe } from './lint-texts.ts';

type Case = { readonly path: string; readonly text: string; readonly typed?: boolean };
type Row = {
  readonly what: string;
  readonly rule: string;
  readonly refused: readonly Case[];
  readonly accepted: readonly Case[];
};

const at = (path: string, ...lines: string[]): Case => ({ path, text: `${lines.join('\n')}\n` });
const importing = (path: string, ...names: string[]): Case[] =>
  names.map((name) => at(path, `import '${name}';`));
const importingType = (path: string, ...names: string[]): Case[] =>
  names.map((name) => at(path, `import type { X } from '${name}';`, 'export type Y = X;'));

const imports = 'house/imports';
const syntax = 'no-restricted-syntax';
const kernel = 'libs/kernel/src/probe.ts';
const ring = (folder: string): string => `services/validation/src/${folder}/probe.ts`;
const strangersOfPure = [
  '@remitflow/contracts',
  '@remitflow/messaging',
  '@remitflow/audit',
  '@nestjs/common',
];

const betweenProjects: Row[] = [
  {
    what: 'pure imports pure alone',
    rule: imports,
    refused: importing('libs/x12/src/probe.ts', ...strangersOfPure, 'typeorm', 'node:fs', 'fast-check'),
    accepted: importing('libs/x12/src/probe.ts', '@remitflow/kernel', 'node:crypto'),
  },
  {
    what: 'contracts import pure and class-validator',
    rule: imports,
    refused: importing(
      'libs/contracts/src/probe.ts',
      '@remitflow/messaging',
      '@remitflow/service',
      'pg',
      'node:fs',
    ),
    accepted: importing(
      'libs/contracts/src/probe.ts',
      '@remitflow/kernel',
      'class-validator',
      'class-transformer',
    ),
  },
  {
    what: 'the platform knows no service and no tool',
    rule: imports,
    refused: importing(
      'libs/service/src/probe.ts',
      '@remitflow/payout',
      '@remitflow/testing',
      '@remitflow/cli',
      'lodash',
    ),
    accepted: importing(
      'libs/service/src/probe.ts',
      '@remitflow/contracts',
      '@remitflow/messaging',
      '@nestjs/core',
      'pg',
    ),
  },
  {
    what: 'testing knows no service',
    rule: imports,
    refused: importing('libs/testing/src/probe.ts', '@remitflow/audit', '@remitflow/servers', 'commander'),
    accepted: importing(
      'libs/testing/src/probe.ts',
      '@remitflow/service',
      '@remitflow/persistence',
      'amqplib',
    ),
  },
  {
    what: 'a service never imports a service, a tool or a driver',
    rule: imports,
    refused: [
      ...importing(
        ring('inbound'),
        '@remitflow/payout',
        '@remitflow/servers',
        '@remitflow/testing',
        'amqplib',
        'pg',
      ),
      ...importing(
        ring('inbound'),
        '../../../payout/src/messages.ts',
        '../../../../libs/kernel/src/cents.ts',
      ),
      ...importing(ring('inbound'), '@remitflow/kernel/src/cents.ts', '@remitflow/nobody'),
    ],
    accepted: importing(ring('inbound'), '@remitflow/contracts', '@remitflow/service', '@nestjs/common'),
  },
  {
    what: 'tools start services, and import none',
    rule: imports,
    refused: importing('tools/cli/src/probe.ts', '@remitflow/payout', '@remitflow/testing', '@nestjs/common'),
    accepted: importing(
      'tools/cli/src/probe.ts',
      '@remitflow/servers',
      '@remitflow/nacha',
      'commander',
      'node:fs',
    ),
  },
  {
    what: 'the end-to-end tests stand outside',
    rule: imports,
    refused: importing('e2e/probe.e2e.spec.ts', '@remitflow/payout', '@remitflow/intake'),
    accepted: importing(
      'e2e/probe.e2e.spec.ts',
      '@remitflow/cli',
      '@remitflow/x12',
      '@jest/globals',
      'node:fs',
    ),
  },
  {
    what: 'the bootstrap runs before anything is installed',
    rule: imports,
    refused: importing('tools/bootstrap/probe.mjs', '@remitflow/kernel', 'pg', '../cli/src/index.ts'),
    accepted: importing('tools/bootstrap/probe.mjs', 'node:fs', './project.mjs'),
  },
  {
    what: 'the workshop knows the contracts, not the services',
    rule: imports,
    refused: importing('tools/generate/probe.ts', '@remitflow/payout', '@remitflow/cli', 'commander'),
    accepted: importing('tools/generate/probe.ts', '@remitflow/contracts', '@remitflow/messaging', 'node:fs'),
  },
  {
    what: 'a spec may import test helpers, never another service',
    rule: imports,
    refused: importing(
      'services/validation/src/probe.spec.ts',
      '@remitflow/payout',
      '../../payout/src/messages.ts',
      'axios',
    ),
    accepted: importing(
      'services/validation/src/probe.spec.ts',
      '@remitflow/testing',
      '@jest/globals',
      'fast-check',
      'pg',
    ),
  },
  {
    what: 'every form of import is seen',
    rule: imports,
    refused: [
      at(kernel, `export { facts } from '@remitflow/contracts';`),
      at(kernel, `export * from '@remitflow/contracts';`),
      at(kernel, `export const late = () => import('@remitflow/contracts');`),
      at(kernel, `export type Fact = import('@remitflow/contracts').FactContract;`),
      at(
        kernel,
        `import type { FactContract } from '@remitflow/contracts';`,
        `export type Fact = FactContract;`,
      ),
    ],
    accepted: [at(kernel, `export * from './cents.ts';`)],
  },
];

const insideAService: Row[] = [
  {
    what: 'domain meets nobody but itself and the pure libraries',
    rule: imports,
    refused: [
      ...importing(ring('domain'), '../outbound/work.ts', '../use-cases/judge.ts', '../inbound/x.handler.ts'),
      ...importing(ring('domain'), '../messages.ts', '../config.ts', '../validation.module.ts', '../main.ts'),
      ...importing(ring('domain/pricing'), '../../outbound/work.ts', '../../config.ts'),
      ...importing(
        ring('domain'),
        '@remitflow/contracts',
        '@remitflow/messaging',
        '@nestjs/common',
        'csv-parse',
        'node:fs',
      ),
    ],
    accepted: [
      ...importing(ring('domain'), '@remitflow/kernel', '@remitflow/nacha', '@remitflow/x12', './rule.ts'),
      ...importing(ring('domain/pricing'), '../rule.ts'),
    ],
  },
  {
    what: 'use-cases see domain, contracts and the types of messaging',
    rule: imports,
    refused: [
      ...importing(
        ring('use-cases'),
        '../outbound/work.ts',
        '../inbound/x.handler.ts',
        '../config.ts',
        '../main.ts',
      ),
      ...importing(ring('use-cases'), '@remitflow/persistence', '@remitflow/service', '@remitflow/messaging'),
      ...importing(ring('use-cases'), '@nestjs/common', 'class-validator', 'node:fs'),
      ...importingType(ring('use-cases'), '../outbound/work.ts', '@remitflow/persistence'),
    ],
    accepted: [
      ...importing(
        ring('use-cases'),
        '../domain/rule.ts',
        './judge.ts',
        '../messages.ts',
        '@remitflow/contracts',
      ),
      ...importingType(ring('use-cases'), '@remitflow/messaging', 'node:stream'),
      at(ring('use-cases'), `import { type Outbox } from '@remitflow/messaging';`, 'export type Y = Outbox;'),
    ],
  },
  {
    what: 'outbound sees domain and the platform, never who calls it',
    rule: imports,
    refused: [
      ...importing(
        ring('outbound'),
        '../use-cases/judge.ts',
        '../inbound/x.handler.ts',
        '../config.ts',
        '../main.ts',
      ),
      ...importing(
        ring('outbound'),
        '@remitflow/contracts',
        '@remitflow/service',
        '@nestjs/common',
        'class-validator',
      ),
    ],
    accepted: [
      ...importing(
        ring('outbound'),
        '../domain/rule.ts',
        '../messages.ts',
        './payee.store.ts',
        'node:fs',
        'csv-parse',
      ),
      ...importing(ring('outbound'), '@remitflow/persistence', '@remitflow/messaging', '@remitflow/x12'),
      ...importingType(ring('outbound'), '@remitflow/contracts'),
    ],
  },
  {
    what: 'inbound sees all of its service, and no driver',
    rule: imports,
    refused: importing(
      ring('inbound'),
      '../main.ts',
      '../validation.module.ts',
      '@remitflow/nacha',
      'csv-parse',
      'typeorm',
    ),
    accepted: importing(
      ring('inbound'),
      '../use-cases/judge.ts',
      '../outbound/work.ts',
      '../config.ts',
      'class-validator',
    ),
  },
  {
    what: 'messages name facts and nothing else',
    rule: imports,
    refused: importing(
      'services/validation/src/messages.ts',
      './domain/rule.ts',
      '@remitflow/service',
      '@nestjs/common',
    ),
    accepted: importing(
      'services/validation/src/messages.ts',
      '@remitflow/contracts',
      '@remitflow/messaging',
    ),
  },
  {
    what: 'the config knows how to check a knob',
    rule: imports,
    refused: importing(
      'services/validation/src/config.ts',
      './outbound/work.ts',
      '@remitflow/messaging',
      '@nestjs/common',
      'node:fs',
    ),
    accepted: importing('services/validation/src/config.ts', '@remitflow/service', 'class-validator'),
  },
  {
    what: 'the module wires',
    rule: imports,
    refused: importing(
      'services/validation/src/validation.module.ts',
      './main.ts',
      'pg',
      'node:fs',
      '@remitflow/x12',
    ),
    accepted: importing(
      'services/validation/src/validation.module.ts',
      './inbound/x.handler.ts',
      './config.ts',
      'node:path',
    ),
  },
  {
    what: 'main starts',
    rule: imports,
    refused: importing(
      'services/validation/src/main.ts',
      './config.ts',
      './domain/rule.ts',
      '@nestjs/core',
      'node:fs',
    ),
    accepted: importing('services/validation/src/main.ts', './validation.module.ts', '@remitflow/service'),
  },
];

const worldly = [
  'export const now = new Date();',
  'export const now = Date.now();',
  'export const lot = Math.random();',
  'setTimeout(() => undefined, 1);',
  'export const page = fetch("https://example.org");',
  'export const here = process.cwd();',
  `import { uuidV7 } from '@remitflow/kernel';\nexport const id = uuidV7();`,
];

const purity: Row[] = ['libs/nacha/src', 'services/payout/src/domain', 'services/payout/src/use-cases'].map(
  (folder) => ({
    what: `${folder} is told the time and given its ids`,
    rule: syntax,
    refused: worldly.map((line) => at(`${folder}/probe.ts`, line)),
    accepted: [
      at(`${folder}/probe.ts`, 'export const day = new Date(0);'),
      at(`${folder}/probe.spec.ts`, 'Date.now();'),
    ],
  }),
);

const lines = (count: number, line: string): string => Array.from({ length: count }, () => line).join('\n');
const decisions = lines(10, '  if (n > 1) return 1;');

const style: Row[] = [
  {
    what: 'only config.ts is told of the environment',
    rule: syntax,
    refused: [at('services/payout/src/inbound/probe.ts', 'export const port = process.env.PORT;')],
    accepted: [at('tools/cli/src/probe.ts', 'export const port = process.env.PORT;')],
  },
  {
    what: 'SQL stands in stores',
    rule: 'house/sql-in-stores',
    refused: [
      at(ring('inbound'), 'export const q = `select a from b where c = $1`;'),
      at(ring('use-cases'), `export const q = 'insert into b (a) values ($1)';`),
      at(ring('outbound'), 'export const q = `with x as (select 1) select * from x`;'),
    ],
    accepted: [
      at('services/payout/src/outbound/probe.store.ts', 'export const q = `select a from b`;'),
      at(ring('inbound'), `export const words = 'Select a payee or update the list';`),
    ],
  },
  {
    what: 'no any',
    rule: '@typescript-eslint/no-explicit-any',
    refused: [at(kernel, 'export const f = (x: any): void => void x;')],
    accepted: [at(kernel, 'export const f = (x: unknown): void => void x;')],
  },
  {
    what: 'at most 400 lines a file',
    rule: 'max-lines',
    refused: [at(kernel, lines(401, 'export {};'))],
    accepted: [at(kernel, lines(399, 'export {};'))],
  },
  {
    what: 'at most 60 lines a function',
    rule: 'max-lines-per-function',
    refused: [at(kernel, 'export function f(): void {', lines(60, '  f();'), '}')],
    accepted: [
      at(kernel, 'export function f(): void {', lines(50, '  f();'), '}'),
      at('libs/kernel/src/probe.spec.ts', 'export function f(): void {', lines(90, '  f();'), '}'),
    ],
  },
  {
    what: 'at most three parameters',
    rule: 'max-params',
    refused: [at(kernel, 'export const f = (a: 1, b: 1, c: 1, d: 1): number => a + b + c + d;')],
    accepted: [at(kernel, 'export const f = (a: 1, b: 1, c: 1): number => a + b + c;')],
  },
  {
    what: 'at most ten ways through a function',
    rule: 'complexity',
    refused: [at(kernel, 'export function f(n: number): number {', decisions, '  return 0;', '}')],
    accepted: [at(kernel, 'export function f(n: number): number {', '  return n > 1 ? 1 : 0;', '}')],
  },
  {
    what: 'no enum, no default export',
    rule: syntax,
    refused: [at(kernel, `export enum A { b = 'b' }`), at(kernel, 'export default 1;')],
    accepted: [at(kernel, `export type A = 'b';`), at('probe.config.mjs', 'export default {};')],
  },
  {
    what: 'kebab-case files, and names that say something',
    rule: 'house/file-name',
    refused: [
      'Payment.ts',
      'payment_file.ts',
      'utils.ts',
      'payment-helper.ts',
      'shared/cents.ts',
      'base.store.ts',
    ].map((name) => at(`libs/kernel/src/${name}`, 'export {};')),
    accepted: ['payment-file.ts', 'corrected-data.ts', 'payee.store.ts', '0001.spec.ts', 'database.ts'].map(
      (name) => at(`libs/kernel/src/${name}`, 'export {};'),
    ),
  },
  {
    what: 'types and functions that say something',
    rule: 'house/declared-name',
    refused: [
      at(kernel, 'export class PaymentManager {}'),
      at(kernel, 'export type PaymentInfo = { a: 1 };'),
      at(kernel, 'export interface IPayment { a: 1 }'),
      at(kernel, 'export function dateUtils(): void {}'),
    ],
    accepted: [at(kernel, 'export type IsaHeader = { a: 1 };'), at(kernel, 'export class Database {}')],
  },
  {
    what: 'a TODO has an issue',
    rule: 'house/todo-needs-issue',
    refused: [at(kernel, '// TODO later', 'export {};'), at(kernel, '/* FIXME */', 'export {};')],
    accepted: [at(kernel, '// TODO(#12) reversals', 'export {};')],
  },
  {
    what: 'no banners',
    rule: 'house/no-banners',
    refused: [at(kernel, '// ---------- helpers ----------', 'export {};')],
    accepted: [at(kernel, '// a - b -- c', 'export {};')],
  },
  {
    what: 'no console in what runs for ever',
    rule: 'no-console',
    refused: [at(ring('inbound'), 'console.error(1);'), at('libs/service/src/probe.ts', 'console.warn(1);')],
    accepted: [at('tools/cli/src/probe.ts', 'console.error(1);')],
  },
  {
    what: 'no unused names, no loose equality',
    rule: '@typescript-eslint/no-unused-vars',
    refused: [at(kernel, 'const a = 1;'), at(kernel, `import { ok } from './result.ts';`)],
    accepted: [at(kernel, 'export const a = 1;')],
  },
  {
    what: 'strict equality',
    rule: 'eqeqeq',
    refused: [at(kernel, 'export const f = (a: number) => a == 1;')],
    accepted: [at(kernel, 'export const f = (a: number) => a === 1;')],
  },
  {
    what: 'no way around a rule in a comment',
    rule: '@typescript-eslint/no-explicit-any',
    refused: [at(kernel, '// eslint-disable-next-line', 'export const f = (x: any): void => void x;')],
    accepted: [],
  },
  {
    what: 'a promise is awaited',
    rule: '@typescript-eslint/no-floating-promises',
    refused: [{ ...at('libs/kernel/src/result.ts', 'const f = async () => 1;', 'f();'), typed: true }],
    accepted: [{ ...at('libs/kernel/src/result.ts', 'const f = async () => 1;', 'void f();'), typed: true }],
  },
  {
    what: 'a switch over a union names every member',
    rule: '@typescript-eslint/switch-exhaustiveness-check',
    refused: [{ ...at('libs/kernel/src/result.ts', switchOver(`case 'a': return 1;`)), typed: true }],
    accepted: [
      {
        ...at('libs/kernel/src/result.ts', switchOver(`case 'a': return 1; case 'b': return 2;`)),
        typed: true,
      },
    ],
  },
];

function switchOver(cases: string): string {
  return `export function f(x: 'a' | 'b'): number | undefined { switch (x) { ${cases} } return undefined; }`;
}

const rows = [...betweenProjects, ...insideAService, ...purity, ...style];

/** All probes are linted at once: starting the linter is what takes the time. */
const answers = new Map<Case, readonly (string | null)[]>();
const probes: readonly Probe[] = rows.flatMap(({ refused, accepted }) => [...refused, ...accepted]);
lintTexts(probes).forEach((objections, position) => {
  const probe = probes[position];
  if (probe)
    answers.set(
      probe,
      objections.filter(({ severity }) => severity === 2).map(({ ruleId }) => ruleId),
    );
});
const shown = ({ path, text }: Case): string => `${path}: ${text.trim().slice(0, 90)}`;
const objecting = (cases: readonly Case[], rule: string): string[] =>
  cases.filter((probe) => answers.get(probe)?.includes(rule)).map(shown);

/** A probe that does not parse, or stands in an ignored file, proves nothing. */
const isUnreadable = (probe: Case): boolean => answers.get(probe)?.includes(null) ?? true;

describe.each(rows)('$what', ({ rule, refused, accepted }) => {
  it('refuses every violation', () => {
    expect(refused.length).toBeGreaterThan(0);
    expect(objecting(refused, rule)).toEqual(refused.map(shown));
  });

  it('accepts what is allowed', () => {
    expect(objecting(accepted, rule)).toEqual([]);
    expect([...refused, ...accepted].filter(isUnreadable).map(shown)).toEqual([]);
  });
});
