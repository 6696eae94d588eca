/**
 * Loaded into a service before anything else (`node --import`): its clock is wrong by the milliseconds in the file that
 * CLOCK_SKEW_FILE names, looked at every second, so that a running process sees its clock jump, backwards too.
 */
import { readFileSync } from 'node:fs';

const RealDate = globalThis.Date;
const lookEveryMs = 1_000;
let skewMs = 0;

const look = () => {
  try {
    skewMs = Number(readFileSync(process.env.CLOCK_SKEW_FILE, 'utf8')) || 0;
  } catch {
    skewMs = 0;
  }
};

if (process.env.CLOCK_SKEW_FILE) {
  look();
  setInterval(look, lookEveryMs).unref();
  const now = () => RealDate.now() + skewMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}
