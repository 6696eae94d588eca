import type { AchAddenda, AchEntry } from './ach-entry.ts';
import { lenient, type AchProblem, type Place } from './ach-problem.ts';
import { parseCorrectedData, type Corrected } from './corrected-data.ts';
import { problemsMaxDefault, readAch, type AchSource, type ReadAchOptions } from './read-ach.ts';
import { returnCode, type ReturnMeaning } from './return-code.ts';

type Item = {
  readonly at: Place;
  /** The trace number we gave the entry that is spoken of. */
  readonly originalTrace: string;
  /** The bank's own trace number of this return or notice. */
  readonly traceNumber: string;
};

export type Returned = Item & {
  readonly kind: 'return';
  /** Rnn, as the bank wrote it. */
  readonly code: string;
  readonly meaning: ReturnMeaning;
  readonly amountCents: number;
  /** First eight digits of the bank that sent it back; blank when the file does not say. */
  readonly originalBank: string;
  /** YYMMDD, with R14 and R15. */
  readonly dateOfDeath?: string;
};

export type Notice = Item & {
  readonly kind: 'notice';
  /** Cnn, as the bank wrote it. */
  readonly changeCode: string;
  readonly originalBank: string;
  /** Undefined when the bank's data can not be understood for certain: a person has to look. */
  readonly corrected?: Corrected;
  /** Holds account numbers: never log it. */
  readonly rawCorrected: string;
};

/** A step in a dispute about a return or a notice: for a person. */
export type Dispute = Item & {
  readonly kind: 'dishonored-return' | 'contested-return' | 'refused-notice';
  readonly code: string;
  readonly amountCents: number;
};

export type ReturnItem = Returned | Notice | Dispute;

/**
 * What a bank sends back: returns and notices of change, in the order of the file, and what is wrong with the file.
 * Lenient by default, because banks send such files without headers and controls; entries that bring nothing back are
 * passed over; of the problems the first thousand are kept.
 */
export async function readReturns(
  source: AchSource,
  options: ReadAchOptions = { severities: lenient },
): Promise<{
  readonly items: readonly ReturnItem[];
  readonly problems: readonly AchProblem[];
  readonly valid: boolean;
}> {
  const items: ReturnItem[] = [];
  const problems: AchProblem[] = [];
  let valid = true;
  for await (const event of readAch(source, options)) {
    if (event.kind === 'problem') {
      valid &&= event.problem.severity !== 'error';
      if (problems.length < problemsMaxDefault) problems.push(event.problem);
    }
    if (event.kind === 'entry') items.push(...itemsOf(event.entry));
  }
  return { items, problems, valid };
}

const itemsOf = (entry: AchEntry): ReturnItem[] =>
  entry.addenda.flatMap((addenda) => itemOf(addenda, entry) ?? []);

function itemOf(addenda: AchAddenda, { amountCents }: AchEntry): ReturnItem | undefined {
  if (addenda.kind === 'payment' || addenda.kind === 'other') return undefined;
  const { originalTrace, traceNumber } = addenda.values;
  const item = { at: addenda.at, originalTrace, traceNumber };
  switch (addenda.kind) {
    case 'return': {
      const { returnCode: code, originalBank, dateOfDeath } = addenda.values;
      const known = {
        ...item,
        kind: addenda.kind,
        code,
        meaning: returnCode(code),
        amountCents,
        originalBank,
      };
      return dateOfDeath === '' ? known : { ...known, dateOfDeath };
    }
    case 'notice': {
      const { changeCode, originalBank, correctedData: rawCorrected } = addenda.values;
      const corrected = parseCorrectedData(changeCode, rawCorrected);
      return { ...item, kind: addenda.kind, changeCode, originalBank, corrected, rawCorrected };
    }
    case 'refused-notice':
      return { ...item, kind: addenda.kind, code: addenda.values.refusalCode, amountCents };
    default:
      return { ...item, kind: addenda.kind, code: addenda.values.returnCode, amountCents };
  }
}
