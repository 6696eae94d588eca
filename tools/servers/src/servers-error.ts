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

/** A server could not be provided; `nextAction` is the one thing the person should do now. */
export class ServersError extends Error {
  override readonly name = 'ServersError';

  constructor(
    readonly code: ServersErrorCode,
    message: string,
    readonly nextAction: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}
