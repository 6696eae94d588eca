import { at, inService, probe, type Row } from './probing.ts';

const syntax = 'no-restricted-syntax';
const kernel = 'libs/kernel/src/probe.ts';

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
      at(inService('inbound'), 'export const q = `select a from b where c = $1`;'),
      at(inService('use-cases'), `export const q = 'insert into b (a) values ($1)';`),
      at(inService('outbound'), 'export const q = `with x as (select 1) select * from x`;'),
    ],
    accepted: [
      at('services/payout/src/outbound/probe.store.ts', 'export const q = `select a from b`;'),
      at(inService('inbound'), `export const words = 'Select a payee or update the list';`),
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
    refused: [
      at(inService('inbound'), 'console.error(1);'),
      at('libs/service/src/probe.ts', 'console.warn(1);'),
    ],
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

probe([...purity, ...style]);
