import { signal } from '../herd.mjs';
import { familyOf, isAlive, startProgram, untilGone } from './programs.mjs';

const goneWithinMs = 30_000;
const answersWithinMs = 120_000;

/**
 * A server process that can be killed, stopped and started again. `probe` resolves once it takes logins; `gentle` is the
 * signal of a clean end.
 */
export function breakable({ name, pid, program, logFile, herd, probe, gentle }) {
  let current = pid;
  herd.add(current);

  const end = async (how) => {
    signal(current, how);
    signal(current, 'SIGCONT');
    if (!(await untilGone(current, goneWithinMs))) {
      signal(current, 'SIGKILL');
      await untilGone(current, goneWithinMs);
    }
    herd.remove(current);
  };

  return {
    name,
    get alive() {
      return isAlive(current);
    },
    kill: () => end('SIGKILL'),
    terminate: () => end(gentle),
    /** What its killed predecessor left behind may end the first tries to start. */
    async restart() {
      await untilAnswers(name, async () => {
        if (!isAlive(current)) {
          herd.remove(current);
          current = await startProgram(program, logFile);
          herd.add(current);
        }
        await probe();
      });
    },
    stop: () => familyOf(current).forEach((pid) => signal(pid, 'SIGSTOP')),
    cont: () =>
      familyOf(current)
        .reverse()
        .forEach((pid) => signal(pid, 'SIGCONT')),
  };
}

/** Resolves when the probe does; rejects with its last error when it has not for too long. */
export async function untilAnswers(name, probe, withinMs = answersWithinMs) {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await probe();
    } catch (error) {
      if (Date.now() > deadline)
        throw new Error(`${name} does not answer: ${error.message}`, { cause: error });
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
