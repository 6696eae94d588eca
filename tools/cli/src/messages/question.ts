import { createInterface } from 'node:readline/promises';
import { CliError, exitCodes } from '../cli-error.ts';

/** Asks the person at the terminal; without one, the option has to be given. */
export async function askFor(question: string, option: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new CliError('option-missing', `${option} is missing, and there is nobody to ask.`, {
      exitCode: exitCodes.usage,
    });
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await prompt.question(`${question} `)).trim();
  } finally {
    prompt.close();
  }
}

/** The reason given, or what the person says when asked. */
export async function reasonOf(reason: string | undefined): Promise<string> {
  const said = reason ?? (await askFor('Why (kept in the audit trail; nothing personal)?', '--reason'));
  if (said !== '') return said;
  throw new CliError('reason-missing', 'Nothing is done without a reason.', { exitCode: exitCodes.usage });
}

/** Throws unless `--yes` was given or the person agrees. */
export async function confirm(question: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  const said = await askFor(`${question} [y/N]`, '--yes');
  if (!/^y(es)?$/i.test(said)) throw new CliError('not-confirmed', 'Nothing was done.');
}
