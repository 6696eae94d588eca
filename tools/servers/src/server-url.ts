import { ServersError } from './servers-error.ts';

export type ExpectedUrl = { readonly variable: string; readonly schemes: readonly string[] };

/** A hash is a password that was not percent-encoded. @throws ServersError url-unreadable */
export function parseServerUrl(text: string, { variable, schemes }: ExpectedUrl): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && schemes.includes(url.protocol) && url.hostname !== '' && url.hash === '') return url;
  throw new ServersError(
    'url-unreadable',
    `${variable} is not a URL that can be used${url ? ` (${url.protocol}//)` : ''}`,
    `Write it like ${schemes[0]}//user:password@host:port/name, with special characters percent-encoded, or unset ${variable}.`,
  );
}

/** The URL as it may be shown: user, host, port and path. */
export function withoutPassword(text: string): string {
  const url = new URL(text);
  const user = url.username ? `${url.username}@` : '';
  return `${url.protocol}//${user}${url.host}${url.pathname}`;
}
