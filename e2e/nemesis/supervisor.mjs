import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { signal } from './herd.mjs';

const restartAfterMs = 300;

/**
 * One process, kept alive as a process manager would: started again when it has ended, never when it merely hangs. Every end
 * is remembered; `asked` when a fault has brought it about.
 */
export class Supervised {
  ends = [];
  #wanted;
  #child;
  #endsAsked = 0;
  #closing = false;
  /** Variables of the next start alone: an armed crash point must not strike twice. */
  #once = {};

  /** `env` is asked at every start. */
  constructor({ name, command, args, env, logFile, herd }) {
    this.name = name;
    this.#wanted = { command, args, env, logFile, herd };
  }

  /** Undefined while no process lives. */
  get pid() {
    const child = this.#child;
    return child && child.exitCode === null && child.signalCode === null ? child.pid : undefined;
  }

  get upSinceMs() {
    return this.pid === undefined ? 0 : Date.now() - this.#child.startedAt;
  }

  start() {
    const { command, args, env, logFile, herd } = this.#wanted;
    const log = openSync(logFile, 'a', 0o600);
    const child = spawn(command, args, {
      env: { ...env(), ...this.#once },
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.#once = {};
    child.startedAt = Date.now();
    if (child.pid) herd.add(child.pid);
    child.once('error', () => undefined);
    child.once('exit', (code, by) => this.#ended(child, { code, signal: by }));
    this.#child = child;
  }

  /** SIGKILL; the next start gets these variables on top. */
  async kill(variables = {}) {
    this.#once = variables;
    const { pid } = this;
    if (pid === undefined) return;
    this.#endsAsked += 1;
    signal(pid, 'SIGKILL');
    await this.#gone();
  }

  /** An armed crash point will end it by SIGKILL. */
  expectEnd() {
    this.#endsAsked += 1;
  }

  expectNoEnd() {
    this.#endsAsked = Math.max(0, this.#endsAsked - 1);
  }

  /** SIGTERM; gives how it ended, undefined when there was no process. */
  async terminate(withinMs) {
    if (this.pid === undefined) return undefined;
    const [child, at] = [this.#child, Date.now()];
    this.#endsAsked += 1;
    signal(child.pid, 'SIGTERM');
    const impatience = setTimeout(() => signal(child.pid, 'SIGKILL'), withinMs);
    await this.#gone();
    clearTimeout(impatience);
    return { pid: child.pid, at, code: child.exitCode, signal: child.signalCode, ms: Date.now() - at };
  }

  stop() {
    if (this.pid) signal(this.pid, 'SIGSTOP');
  }

  cont() {
    if (this.pid) signal(this.pid, 'SIGCONT');
  }

  async close() {
    this.#closing = true;
    if (this.pid) signal(this.pid, 'SIGKILL');
    if (this.#child) await this.#gone();
  }

  #ended(child, { code, signal: by }) {
    this.#wanted.herd.remove(child.pid);
    const asked = this.#endsAsked > 0;
    if (asked) this.#endsAsked -= 1;
    const livedMs = Date.now() - child.startedAt;
    this.ends.push({ at: new Date().toISOString(), pid: child.pid, code, signal: by, asked, livedMs });
    if (!this.#closing) setTimeout(() => !this.#closing && this.start(), restartAfterMs);
  }

  #gone() {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => child.once('exit', () => resolve()));
  }
}
