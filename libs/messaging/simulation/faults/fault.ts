import type { Chance } from '../chance.ts';
import type { World } from '../world.ts';

/** What a fault is done with. */
export type Scene = { readonly world: World; readonly chance: Chance };

/** One kind of misfortune: what begins, and what ends it when it does not end by itself. */
export type Fault = {
  readonly kind: string;
  /** Longest duration, in milliseconds. */
  readonly mostMs: number;
  begin(scene: Scene): (() => void) | void;
};
