import { buildIfStale } from './build.mjs';
import { installIfStale } from './install.mjs';

/** Everything a command needs before the project's own code can be loaded: packages, then the build. */
export async function prepare(report) {
  await installIfStale(report);
  await buildIfStale(report);
}
