export type ServersErrorCode =
  | 'port-taken'
  | 'no-network-for-packages'
  | 'no-package-tools'
  | 'no-unprivileged-account'
  | 'url-unreadable'
  | 'server-unreachable'
  | 'login-refused'
  | 'server-too-old'
  | 'disk-full'
  | 'already-running'
  | 'start-failed'
  | 'not-available';

type Advice = { readonly nextAction: string; readonly cause?: unknown };

/** A server could not be provided; `nextAction` is the one thing the person should do now. */
export class ServersError extends Error {
  override readonly name = 'ServersError';
  readonly nextAction: string;

  constructor(
    readonly code: ServersErrorCode,
    message: string,
    advice: string | Advice,
  ) {
    const { nextAction, cause }: Advice = typeof advice === 'string' ? { nextAction: advice } : advice;
    super(message, { cause });
    this.nextAction = nextAction;
  }
}
