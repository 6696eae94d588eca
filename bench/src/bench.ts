import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cell } from './measure/text-table.ts';
import { root } from './root.ts';
import type { Settings } from './settings.ts';

export type Table = {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly note?: string;
};

/** What a part gives: members of the result document, and what a person is shown. */
export type Measured = {
  readonly figures: Readonly<Record<string, object>>;
  readonly tables: readonly Table[];
};

/** The run: what all parts share. */
export type Bench = {
  readonly settings: Settings;
  /** For files that nobody keeps. */
  readonly folder: string;
  /** Progress, to the person who waits. */
  say(text: string): void;
  /** Done at the end whatever happened, the last one first. */
  atEnd(end: () => Promise<unknown>): void;
  /** Ends the run: something that was to run on has ended. */
  broken(error: Error): void;
  /** How busy the machine was with other things. */
  readonly loadBefore: number;
  /** Figures measured so far. */
  readonly figures: Record<string, object>;
};

export async function withBench<T>(settings: Settings, work: (bench: Bench) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'remitflow-bench-'));
  chmodSync(folder, 0o711); // else PostgreSQL's account cannot pass, and its files lie where nobody removes them
  const ends: (() => Promise<unknown>)[] = [];
  let broken: (error: Error) => void = () => undefined;
  const breaking = new Promise<never>((_, fail) => (broken = fail));
  breaking.catch(() => undefined);
  const bench: Bench = {
    settings,
    folder,
    say: (text) => void process.stderr.write(`${text}\n`),
    atEnd: (end) => void ends.push(end),
    broken: (error) => broken(error),
    loadBefore: loadavg()[0]!,
    figures: {},
  };
  let ended: Promise<void> | undefined;
  const end = (): Promise<void> => (ended ??= endAll(ends, folder));
  const interrupted = (): void => void end().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    return await Promise.race([work(bench), breaking]);
  } finally {
    await end();
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
}

async function endAll(ends: (() => Promise<unknown>)[], folder: string): Promise<void> {
  for (const end of ends.reverse())
    await end().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Runs a Node program to its end and gives the JSON document of its last line. */
export function lastDocument<T>(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<T> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const out = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => (out.stdout += chunk));
    child.stderr.on('data', (chunk) => (out.stderr += chunk));
    child.on('error', fail);
    child.on('close', (code, signal) => {
      if (code !== 0)
        return fail(new Error(`${args.join(' ')} ended with ${code ?? signal}:\n${out.stderr}`));
      done(JSON.parse(out.stdout.trim().split('\n').at(-1)!) as T);
    });
  });
}

/** A measurement in a process of its own. */
export const solo = <T>(
  name: string,
  ...args: readonly (string | number)[]
): Promise<T & { peakRssMb: number }> => lastDocument([soloProgram, name, ...args.map(String)]);

/**
 * The same where objects by the million come and go. V8 guesses from the first garbage collections which objects to
 * make among the long-lived at once; whether it guesses right depends on when those fell, and decides over a third or
 * even two thirds of a reader's speed for as long as the process lives. Here nobody guesses.
 */
export const steadySolo = <T>(
  name: string,
  ...args: readonly (string | number)[]
): Promise<T & { peakRssMb: number }> =>
  lastDocument(['--no-allocation-site-pretenuring', soloProgram, name, ...args.map(String)]);

const soloProgram = join(import.meta.dirname, 'solo', 'solo.js');

/** An 837P of so many claims (README.md says what is in it); `run` tells its bills from those of every other file. */
export async function claimFile(bench: Bench, claims: number, run: number): Promise<string> {
  const file = join(bench.folder, `claims-${claims}-${run}.837`);
  if (existsSync(file)) return file;
  if (claims >= saidFrom) bench.say(`  · writing a file of ${claims} claims`);
  await solo('claim-file', file, claims, run);
  return file;
}

const saidFrom = 100_000;
