import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** In the order in which a full run measures them. */
export const parts = [
  'x12',
  'nacha',
  'era',
  'contracts',
  'whole-way',
  'one-request',
  'audit',
  'growth',
  'naive',
  'floor',
] as const;
export type Part = (typeof parts)[number];

export type Settings = {
  readonly parts: readonly Part[];
  readonly isFull: boolean;
  readonly quick: boolean;
  readonly json: boolean;
  readonly runs: number;
  /** Of the whole way and of the floor. */
  readonly claims: number;
  /** Of the file that the larger ones of `growth` are held against, and of those that go beside single requests. */
  readonly smallClaims: number;
  readonly naiveClaims: number;
  /** Of the file that X12 readers read. */
  readonly x12Claims: number;
  /** Of each X12 reader: to warm it up, and as many again to measure it. */
  readonly x12CpuSeconds: number;
  readonly entries: number;
  readonly eraClaims: number;
  /** The larger files of `growth`. */
  readonly growthClaims: readonly number[];
  /** Bill keys put into the history before the duplicate check; 0 leaves that out. */
  readonly history: number;
  readonly events: number;
  readonly requests: number;
  /** Where the services leave a CPU profile each when they end; slower, so not for figures. */
  readonly profile?: string;
  /** Whether PostgreSQL counts what every statement costs; slower, so not for figures. */
  readonly pgStatements: boolean;
};

export class UsageError extends Error {}

const ordinary = {
  runs: 3,
  claims: 200_000,
  naiveClaims: 2_000,
  x12Claims: 50_000,
  x12CpuSeconds: 2,
  entries: 100_000,
  eraClaims: 10_000,
  history: 10_000_000,
  events: 200_000,
  requests: 200,
};

/** Small enough for 90 seconds: its figures hold ratios against bounds, and nothing else. */
const short = {
  runs: 1,
  claims: 4_000,
  naiveClaims: 200,
  x12Claims: 20_000,
  x12CpuSeconds: 1,
  entries: 10_000,
  eraClaims: 2_000,
  history: 0,
  events: 2_000,
  requests: 20,
};

const smallClaimsMax = 20_000;

const partsOfShort: readonly Part[] = ['x12', 'nacha', 'era', 'contracts', 'whole-way', 'naive', 'floor'];

/** Throws UsageError. */
export function readSettings(args: readonly string[]): Settings {
  const { values, positionals } = parsed(args);
  const named = positionals.map(partNamed);
  const usual = values.quick ? short : ordinary;
  const size = (flag: keyof typeof values & string, otherwise: number): number =>
    wholeNumber(flag, values[flag] as string | undefined) ?? otherwise;
  const claims = size('claims', usual.claims);
  return {
    parts:
      named.length > 0 ? parts.filter((part) => named.includes(part)) : values.quick ? partsOfShort : parts,
    isFull: named.length === 0 && !values.quick,
    quick: values.quick,
    json: values.json,
    runs: size('runs', usual.runs),
    claims,
    smallClaims: Math.min(claims, smallClaimsMax),
    naiveClaims: size('naive-claims', Math.min(claims, usual.naiveClaims)),
    x12Claims: size('x12-claims', usual.x12Claims),
    x12CpuSeconds: usual.x12CpuSeconds,
    entries: size('entries', usual.entries),
    eraClaims: usual.eraClaims,
    growthClaims: values.growth?.split(',').map((text) => wholeNumber('growth', text)!) ?? [
      Math.min(claims, smallClaimsMax) * 10,
    ],
    history: size('history', usual.history),
    events: size('events', usual.events),
    requests: size('requests', usual.requests),
    pgStatements: values['pg-statements'],
    ...(values.profile ? { profile: resolve(values.profile) } : {}),
  };
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const options = {
    quick: flag,
    json: flag,
    runs: text,
    claims: text,
    'naive-claims': text,
    'x12-claims': text,
    entries: text,
    growth: text,
    history: text,
    events: text,
    requests: text,
    profile: text,
    'pg-statements': flag,
  };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function partNamed(name: string): Part {
  const part = parts.find((one) => one === name);
  if (!part) throw new UsageError(`There is no part ${name}: ${parts.join(', ')}.`);
  return part;
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${name} must be a whole number.`);
  return Number(text);
}
