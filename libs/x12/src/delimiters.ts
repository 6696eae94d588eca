import { problem, type X12Problem } from './problem.ts';

/** The characters one interchange is cut with, as its ISA declares them. Each is one byte. */
export type Delimiters = {
  readonly element: string;
  readonly component: string;
  readonly segment: string;
  /** Undefined when ISA11 holds the standards identifier `U` of versions before 00402. */
  readonly repetition?: string;
};

/** ISA*…~ with its terminator. */
export const isaLength = 106;

/** Widths of ISA01 to ISA16. */
export const isaWidths = [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1] as const;

/** Reads the delimiters out of the first 106 characters of an interchange (one character a byte). */
export function readDelimiters(isa: string, byteOffset: number): Delimiters | X12Problem {
  const element = isa.charAt(3);
  const wrong = firstWrongWidth(isa, element);
  if (wrong !== undefined) return headerProblem(isa, wrong, byteOffset);

  const repetition = isa.charAt(82);
  const delimiters: Delimiters = {
    element,
    component: isa.charAt(104),
    segment: isa.charAt(105),
    ...(isDelimiter(repetition) ? { repetition } : {}),
  };
  const used: readonly string[] = Object.values(delimiters);
  if (new Set(used).size === used.length && used.every(isDelimiter)) return delimiters;
  return problem(
    'interchange.delimiters',
    { byteOffset: byteOffset + 104, segment: 'ISA', element: 16 },
    {
      message:
        'The ISA segment must declare different element, component and repetition separators and a segment ' +
        'terminator, none of them a letter, digit or space.',
    },
  );
}

/** The number of the first element whose separator is not where the fixed widths put it; 16 for the terminator. */
function firstWrongWidth(isa: string, element: string): number | undefined {
  if (!isDelimiter(element)) return 1;
  let end = 3;
  for (let n = 0; n < isaWidths.length; n += 1) {
    const next = end + 1 + isaWidths[n]!;
    const text = isa.slice(end + 1, next);
    if (text.includes(element)) return n + 1;
    if (n < 15 && isa.charAt(next) !== element) return n + 1;
    end = next;
  }
  return isa.length < isaLength ? 16 : undefined;
}

function headerProblem(isa: string, element: number, byteOffset: number): X12Problem {
  const before = isaWidths.slice(0, element - 1).reduce<number>((sum, width) => sum + width + 1, 4);
  return problem(
    'interchange.header-width',
    { byteOffset: byteOffset + before, segment: 'ISA', element },
    {
      message:
        before + isaWidths[element - 1]! >= isa.length
          ? `The file ends inside the ISA segment, which must have ${isaLength} characters.`
          : `ISA${String(element).padStart(2, '0')} must have exactly ${isaWidths[element - 1]} characters: ` +
            `the ISA segment has fixed widths and ${isaLength} characters in all.`,
    },
  );
}

const isDelimiter = (character: string): boolean =>
  character !== '' && character !== '\0' && !/[A-Za-z0-9 \u0080-\uffff]/.test(character);
