/** Claims of one file that go together; their ids follow from it, as the product's do, and rise with the position. */
export type Part = { readonly submissionId: string; readonly from: number; readonly count: number };

export const bulk = 500;

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
