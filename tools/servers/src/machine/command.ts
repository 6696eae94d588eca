import { execFile } from 'node:child_process';

export type CommandResult = {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
};

export type CommandOptions = {
  readonly timeoutMs: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
};

const commandNotRun = 127;
const outputLimitBytes = 16 * 1024 * 1024;

/** Runs a program to its end; a missing program or a timeout is exit code 127, never an exception. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const { timeoutMs, ...rest } = options;
  return new Promise((resolve) => {
    execFile(
      program,
      [...args],
      { ...rest, timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: outputLimitBytes },
      (error, stdout, stderr) => {
        resolve({ exitCode: exitCodeOf(error), stdout, stderr: stderr || (error?.message ?? '') });
      },
    );
  });
}

function exitCodeOf(error: { readonly code?: unknown } | null): number {
  if (!error) return 0;
  return typeof error.code === 'number' ? error.code : commandNotRun;
}
