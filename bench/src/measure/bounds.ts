import { figureAt } from '../document.ts';

/** By the path of a figure in the results (`wholeWay.ratioToNaive`): the least it may be. Ratios only. */
export type Bounds = Readonly<Record<string, number>>;

export type Fall = { readonly figure: string; readonly least: number; readonly measured: number };

/** Bounds whose figure was measured and is below; figures of parts that did not run are passed over. */
export function fallsBelow(bounds: Bounds, results: object): readonly Fall[] {
  return Object.entries(bounds).flatMap(([figure, least]) => {
    const measured = figureAt(results, figure);
    return typeof measured !== 'number' || measured >= least ? [] : [{ figure, least, measured }];
  });
}

/** Throws for a bound that is not a ratio: times and speeds are those of a machine, and say nothing on another. */
export function mustBeRatios(bounds: Bounds): Bounds {
  const others = Object.keys(bounds).filter((figure) => !/(^|\.)ratio[A-Z]\w*$/.test(figure));
  if (others.length > 0) throw new Error(`bounds hold ratios alone, not ${others.join(', ')}`);
  return bounds;
}
