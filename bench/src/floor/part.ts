/** Claims of one file that go together; their ids follow from it, as the product's do, and rise with the position. */
export type Part = { readonly submissionId: string; readonly from: number; readonly count: number };

/** Requests in one bulk fact, at most. */
export const bulk = 2_000;
/** Requests that one payment pays in the mean: the benchmark's files have a practice for so many claims. */
export const ofOnePayment = 500;

/** A file's parts, as a bulk fact each. */
export const partsOf = (submissionId: string, claims: number): Part[] =>
  cut({ submissionId, from: 1, count: claims }, bulk);

/** Those of it that one payment pays each. */
export const paymentsOf = (part: Part): Part[] => cut(part, ofOnePayment);

const cut = ({ submissionId, from, count }: Part, most: number): Part[] =>
  Array.from({ length: Math.ceil(count / most) }, (_, n) => ({
    submissionId,
    from: from + n * most,
    count: Math.min(most, count - n * most),
  }));

export const idsOf = ({ submissionId, from, count }: Part): string[] =>
  Array.from(
    { length: count },
    (_, n) => submissionId.slice(0, 28) + (from + n).toString(16).padStart(8, '0'),
  );

/** Carried beside the body, since nobody opens that. */
export const partText = ({ submissionId, from, count }: Part): string => `${submissionId} ${from} ${count}`;

export function readPart(text: string): Part {
  const [submissionId = '', from, count] = text.split(' ');
  return { submissionId, from: Number(from), count: Number(count) };
}
