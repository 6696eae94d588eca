import { apply, type Change } from './change.ts';
import { newFact } from './new-fact.ts';
import { newMigration } from './new-migration.ts';
import { newService } from './new-service.ts';
import { newUseCase } from './new-use-case.ts';
import { usage, UsageError } from './usage.ts';

type Generator = (root: string, args: readonly string[]) => Change;

const generators: Readonly<Record<string, Generator>> = {
  fact: newFact,
  migration: newMigration,
  service: newService,
  'use-case': newUseCase,
};

export type Answer = { readonly exitCode: number; readonly out: string; readonly error: string };

/** What `npm run new -- …` does and says; 0 when it made something, 2 for a mistake of who asked. */
export async function runNew(root: string, [what, ...args]: readonly string[]): Promise<Answer> {
  if (what === '--help' || what === '-h' || what === 'help') return { exitCode: 0, out: usage, error: '' };
  const generator = generators[what ?? ''];
  if (!generator) return refusal(what ? `There is no “${what}” to make.` : 'Say what to make.', usage);
  try {
    const change = generator(root, args);
    const made = (await apply(root, change)).map((path) => `  ${path}\n`);
    const left = (change.left ?? []).map((step) => `  - ${step}\n`);
    return { exitCode: 0, out: ['made\n', ...made, 'left to do\n', ...left].join(''), error: '' };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return refusal(error.message, 'npm run new -- --help shows what there is.\n');
  }
}

const refusal = (message: string, next: string): Answer => ({
  exitCode: 2,
  out: '',
  error: `${message}\n\n${next}`,
});
