import { chmodSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const othersMayEnter = 0o001;
const permissionBits = 0o777;

/** True when every folder on the way to this path may be entered by any account. */
export function isTraversableByOthers(path: string): boolean {
  let folder = dirname(nearestExisting(path));
  for (;;) {
    if ((statSync(folder).mode & othersMayEnter) === 0) return false;
    const parent = dirname(folder);
    if (parent === folder) return true;
    folder = parent;
  }
}

/** Lets any account pass through a folder of ours, without letting it look around. */
export function letOthersPass(folder: string): void {
  const { mode, uid } = statSync(folder);
  if ((mode & othersMayEnter) === 0 && uid === process.getuid?.()) {
    chmodSync(folder, (mode & permissionBits) | othersMayEnter);
  }
}

function nearestExisting(path: string): string {
  try {
    return `${realpathSync(path)}/.`;
  } catch {
    return nearestExisting(dirname(path));
  }
}
