import { positionOf } from './request-id.ts';

/** Requests of one submission that lie so close together that a look at all between the first and the last is cheap. */
export type DenseRun = {
  readonly firstId: string;
  readonly lastId: string;
  readonly firstPosition: number;
  /** Of each position from the first to the last; -1 where there is nothing. */
  readonly cents: readonly number[];
  readonly count: number;
};

/** Undefined when they are no such run. The ids are in order, each once. */
export function denseRunOf(
  outcomes: readonly { readonly requestId: string; readonly paidCents?: number }[],
): DenseRun | undefined {
  const [firstId, lastId] = [outcomes[0]!.requestId, outcomes.at(-1)!.requestId];
  if (firstId[versionPlace] !== '8') return undefined;
  const submission = firstId.slice(0, positionPlace);
  const firstPosition = positionOf(firstId);
  const span = positionOf(lastId) - firstPosition + 1;
  if (!lastId.startsWith(submission) || span > outcomes.length * gapMax) return undefined;
  const cents = new Array<number>(span).fill(-1);
  for (const { requestId, paidCents } of outcomes) {
    if (paidCents === undefined || paidCents < 0) return undefined;
    cents[positionOf(requestId) - firstPosition] = paidCents;
  }
  return { firstId, lastId, firstPosition, cents, count: outcomes.length };
}

const versionPlace = 14;
const positionPlace = 28;

/** Passing a row by costs a quarter of looking one up. */
const gapMax = 4;
