import { checkAll, invariants } from '../invariants/invariants.mjs';

/** The verdicts of some invariants, by name. */
export const verdictsOf = (world, names) =>
  checkAll(
    world,
    invariants.filter(({ name }) => names.includes(name)),
  );

/** Everything that must hold after a trial in which no fault of the storm was done and nothing was poisoned. */
export const peaceful = invariants.map(({ name }) => name).filter((name) => name !== 'faults-happened');
