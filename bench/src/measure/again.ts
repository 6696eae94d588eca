import { figureAt } from '../document.ts';
import { fallsBelow, type Bounds, type Fall } from './bounds.ts';

export type Measuring = {
  /** Measures once more what these figures come from: a document that holds them. */
  measure(figures: readonly string[]): Promise<object>;
  say(text: string): void;
};

/**
 * The bounds that a figure of the results is below, and stays below although it is measured again. Noise makes
 * things slower at times and never faster, so the best of all measurements counts.
 */
export async function staysBelow(
  bounds: Bounds,
  results: object,
  { measure, say }: Measuring,
): Promise<readonly Fall[]> {
  let falls = fallsBelow(bounds, results);
  for (let time = 1; time <= timesAgain && falls.length > 0; time += 1) {
    for (const { figure, least, measured } of falls)
      say(
        `  · ${figure} is ${measured.toFixed(2)}, its bound ${least}: measured again, ${time} of ${timesAgain}`,
      );
    const again = await measure(falls.map(({ figure }) => figure));
    falls = falls.map((fall) => bestOf(fall, again)).filter(({ least, measured }) => measured < least);
  }
  return falls;
}

const timesAgain = 2;

function bestOf(fall: Fall, again: object): Fall {
  const measured = figureAt(again, fall.figure);
  return typeof measured === 'number' && measured > fall.measured ? { ...fall, measured } : fall;
}
