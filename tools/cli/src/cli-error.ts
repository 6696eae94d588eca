/** What scripts may rely on. */
export const exitCodes = {
  ok: 0,
  /** Something went wrong, or the numbers do not agree. */
  failed: 1,
  /** The command line makes no sense. */
  usage: 2,
  /** The file could not be read: mend it and send it again. */
  fileFailed: 3,
  /** The file, or one that is the same, is known already. */
  duplicate: 4,
  /** remitflow is not running, or a service does not answer. */
  notRunning: 5,
} as const;

/** An error for the person at the keyboard: what happened, and the one thing to do now. */
export class CliError extends Error {
  readonly code: string;
  readonly nextAction: string | undefined;
  readonly exitCode: number;

  constructor(code: string, message: string, rest: { nextAction?: string; exitCode?: number } = {}) {
    super(message);
    this.code = code;
    this.nextAction = rest.nextAction;
    this.exitCode = rest.exitCode ?? exitCodes.failed;
  }
}
