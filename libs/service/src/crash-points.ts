import { Injectable } from '@nestjs/common';
import { BrokenInvariant } from '@remitflow/kernel';
import type { CrashPoint, PassPoint } from '@remitflow/messaging';

export type CrashTerms = {
  /** `<point>:<n>`: the process ends when it passes that point for the nth time. */
  readonly crashAt?: string | undefined;
  readonly faultsAllowed: 'yes' | 'no';
};

/**
 * Ends the process as a power cut would, at the point that a fault test has armed, and is nothing otherwise. Throws
 * `config.faults` when a point is armed where faults are not allowed.
 */
@Injectable()
export class CrashPoints {
  readonly #point: string | undefined;
  #left: number;

  constructor({ crashAt, faultsAllowed }: CrashTerms) {
    const [point, count] = crashAt?.split(':') ?? [];
    if (point !== undefined && faultsAllowed !== 'yes') {
      throw new BrokenInvariant('config.faults', {}, { message: 'CRASH_AT needs FAULTS_ALLOWED=yes' });
    }
    this.#point = point;
    this.#left = Number(count ?? 1);
  }

  readonly pass: PassPoint = (point: CrashPoint): void => {
    if (point !== this.#point) return;
    this.#left -= 1;
    if (this.#left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
