import { listenForInterruption } from '../interruption.ts';
import type { Output } from '../output.ts';

/** What is told when somebody has had enough. */
export type Farewell = { readonly message: string; readonly submissionId?: string };

/** Ctrl-C ends the waiting, not what was waited for: the process ends with 130 and says so. */
export async function unlessInterrupted<T>(
  work: Promise<T>,
  output: Output,
  farewell: () => Farewell,
): Promise<T> {
  const interruption = listenForInterruption();
  try {
    const interrupted = interruption.happened.then(() => leave(output, farewell()));
    return await Promise.race([work, interrupted]);
  } finally {
    interruption.ignore();
  }
}

function leave(output: Output, { message, submissionId }: Farewell): never {
  output.line();
  output.result({ submissionId, error: { code: 'interrupted', message } }, () => output.line(message));
  process.exit(interruptedCode);
}

const interruptedCode = 130;
