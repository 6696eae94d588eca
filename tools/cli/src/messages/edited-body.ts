import { CliError, exitCodes } from '../cli-error.ts';

/**
 * A body with members set, each as `path=value`: the path a JSON pointer (`/requests/0/claimId`) or with dots
 * (`requests.0.claimId`); the value JSON, or text when it is no JSON. Throws `set-invalid` when a path leads nowhere.
 */
export function setMembers(body: unknown, settings: readonly string[]): unknown {
  const edited = structuredClone(body);
  for (const setting of settings) {
    const split = setting.indexOf('=');
    const names = namesOf(setting.slice(0, Math.max(0, split)));
    const last = names.pop();
    const owner = names.reduce<unknown>((value, name) => (isOwner(value) ? value[name] : undefined), edited);
    if (last === undefined || !isOwner(owner) || !canHold(owner, last)) throw invalid(setting);
    owner[last] = valueOf(setting.slice(split + 1));
  }
  return edited;
}

type Owner = Record<string, unknown>;

const isOwner = (value: unknown): value is Owner => value !== null && typeof value === 'object';

/** A list takes a new item at its end, and nowhere else. */
const canHold = (owner: Owner, name: string): boolean =>
  !Array.isArray(owner) || (/^\d+$/.test(name) && Number(name) <= owner.length);

const namesOf = (path: string): string[] =>
  path.startsWith('/')
    ? path
        .slice(1)
        .split('/')
        .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
    : path.split('.').filter((name) => name !== '');

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

const invalid = (setting: string): CliError =>
  new CliError('set-invalid', `--set ${setting} leads nowhere in this message.`, {
    nextAction: 'Give it as path=value, for example --set requests.0.claimId=A1.',
    exitCode: exitCodes.usage,
  });
