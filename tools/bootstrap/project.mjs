import { join, resolve } from 'node:path';

/** The project's root folder. */
export const root = resolve(import.meta.dirname, '..', '..');

/** The git-ignored folder that holds all state. */
export const stateFolder = resolve(process.env.REMITFLOW_STATE || join(root, '.remitflow'));

/** A refusal for the person at the keyboard: what happened, and the one thing to do now. */
export class Refusal extends Error {
  constructor(message, nextAction) {
    super(message);
    this.nextAction = nextAction;
  }
}

/** Runs the steps of a command; a refusal is shown in two lines, everything else keeps its stack. */
export async function run(steps) {
  try {
    await steps();
  } catch (error) {
    if (error?.nextAction === undefined) throw error;
    process.stderr.write(`\n${error.message}\n→ ${error.nextAction}\n`);
    if (process.argv.includes('--json')) {
      const { message, nextAction } = error;
      process.stdout.write(`${JSON.stringify({ error: { code: 'bootstrap', message, nextAction } })}\n`);
    }
    process.exitCode = 1;
  }
}

/** A writer of step lines; `once --json` keeps standard output for the one document. */
export function stepWriter(args) {
  const stream = args.includes('--json') ? process.stderr : process.stdout;
  return (step) => stream.write(`${step}\n`);
}

/** Seconds since a moment, as step lines show them. */
export function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
