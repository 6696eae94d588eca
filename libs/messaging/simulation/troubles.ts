import {
  PayoutsScheduled,
  RequestsApproved,
  RequestsHeld,
  RequestsSubmitted,
  type ServiceName,
} from '@remitflow/contracts';
import { CannotProceed, RetryLater } from '@remitflow/kernel';
import type { Chance } from './chance.ts';
import type { Item } from './claims.ts';
import { ProcessDied } from './process.ts';

/**
 * - `poison`: can never be handled, and must be parked alone
 * - `flaky`: fails so many times, for a reason that passes
 * - `killer`: ends every process that tries it
 */
export type TroubleKind = 'poison' | 'flaky' | 'killer';

type Trouble = { readonly kind: TroubleKind; failsLeft: number; readonly comesLate: boolean };

/** A handler meets an item: in a service, in a fact. */
export type Meeting = { readonly service: ServiceName; readonly fact: string; readonly itemId: string };

type Place = { readonly service: ServiceName; readonly fact: string };

const firstPlaces: readonly Place[] = [
  { service: 'validation', fact: RequestsSubmitted.name },
  { service: 'intake', fact: RequestsHeld.name },
];
const places: readonly Place[] = [
  ...firstPlaces,
  { service: 'payout', fact: RequestsApproved.name },
  { service: 'remittance', fact: RequestsApproved.name },
  { service: 'remittance', fact: PayoutsScheduled.name },
  { service: 'intake', fact: RequestsApproved.name },
];

/** What is the matter with which items, decided before anything happens. */
export class Troubles {
  readonly #troubles = new Map<string, Trouble>();

  /**
   * Some items of a submission get trouble. A killer is always alone, since it takes its message with it; one item alone
   * is flaky, or their failures together would last for hours.
   */
  plan(items: readonly Item[], { chance, isWholeChain }: { chance: Chance; isWholeChain: boolean }): void {
    for (const { itemId } of items) {
      const { service, fact } = chance.pick(isWholeChain ? places : firstPlaces)!;
      const draw = chance.next();
      const comesLate = chance.happens(0.5);
      const failsLeft = chance.between(1, 4);
      const add = (kind: TroubleKind): unknown =>
        this.#troubles.set(keyOf({ service, fact, itemId }), { kind, failsLeft, comesLate });
      if (draw < 0.1) add('poison');
      else if (draw < 0.14 && items.length === 1) add('killer');
      else if (draw < 0.3 && itemId === items[0]?.itemId) add('flaky');
    }
  }

  kindOf(meeting: Meeting): TroubleKind | undefined {
    return this.#troubles.get(keyOf(meeting))?.kind;
  }

  /** Called before and after the handler wrote its rows; throws, or ends the process, when it is time for that. */
  meet(meeting: Meeting, isLate: boolean, endProcess: () => void): void {
    const trouble = this.#troubles.get(keyOf(meeting));
    if (!trouble || trouble.comesLate !== isLate) return;
    if (trouble.kind === 'poison') throw new CannotProceed('simulation.poison');
    if (trouble.kind === 'killer') {
      endProcess();
      throw new ProcessDied();
    }
    if (trouble.failsLeft === 0) return;
    trouble.failsLeft -= 1;
    throw new RetryLater('simulation.flaky');
  }
}

export const keyOf = ({ service, fact, itemId }: Meeting): string => `${service} ${fact} ${itemId}`;
