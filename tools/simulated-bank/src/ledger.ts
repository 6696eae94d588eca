import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One provider's money, as the bank booked it. */
export type Credit = {
  readonly traceNumber: string;
  readonly trnReference: string;
  readonly payerTin: string;
  readonly amountCents: number;
};

/** A credit that goes back after it has settled, and under which trace number of the bank. */
export type ReturnedCredit = {
  readonly traceNumber: string;
  readonly code: string;
  readonly answerTrace: string;
};

/** A credit whose account the bank wants changed. */
export type NoticedCredit = {
  readonly traceNumber: string;
  readonly changeCode: string;
  readonly answerTrace: string;
};

export type BankProblem = {
  readonly code: string;
  readonly severity: 'error' | 'warn';
  readonly message: string;
  readonly record?: number;
  readonly line?: number;
  readonly byteOffset?: number;
  readonly field?: string;
  readonly columns?: readonly [from: number, to: number];
};

/** What the bank decided about one delivered file; everything it ever answers follows from this and the file. */
export type Decision = {
  /** The name under which the file is kept: a number that ascends, and the name it came with. */
  readonly ticket: string;
  readonly file: string;
  readonly sha256: string;
  /** Origin, creation date, time and modifier: no two accepted files share it. */
  readonly identity: string;
  readonly accepted: boolean;
  readonly problems: readonly BankProblem[];
  readonly entries: number;
  readonly creditsCents: number;
  /** YYYY-MM-DD; absent from refused files. */
  readonly settledOn?: string;
  readonly credits: readonly Credit[];
  readonly returns: readonly ReturnedCredit[];
  readonly notices: readonly NoticedCredit[];
};

export type Ledger = {
  readonly decisions: readonly Decision[];
  /** Every credit of every accepted file, in the order it was booked. */
  readonly credits: readonly (Credit & { readonly file: string; readonly settledOn: string })[];
};

/** What the bank has booked, for tests and people; a line that was being written when the bank died does not count. */
export async function readLedger(stateFolder: string): Promise<Ledger> {
  const path = ledgerPath(stateFolder);
  const text = existsSync(path) ? await readFile(path, 'utf8') : '';
  const decisions = wholeLines(text).map((line) => JSON.parse(line) as Decision);
  const credits = decisions.flatMap(({ file, settledOn = '', credits }) =>
    credits.map((credit) => ({ ...credit, file, settledOn })),
  );
  return { decisions, credits };
}

/** Cuts off what a death in the middle of a line left behind. */
export async function mendLedger(stateFolder: string): Promise<void> {
  const ledger = await open(ledgerPath(stateFolder), 'a+');
  try {
    const bytes = await ledger.readFile();
    const whole = bytes.lastIndexOf(0x0a) + 1;
    if (whole < bytes.length) await ledger.truncate(whole);
  } finally {
    await ledger.close();
  }
}

/** One line, on the disk when this returns: the moment in which the money moves. */
export async function appendDecision(stateFolder: string, decision: Decision): Promise<void> {
  const ledger = await open(ledgerPath(stateFolder), 'a');
  try {
    await ledger.appendFile(`${JSON.stringify(decision)}\n`);
    await ledger.sync();
  } finally {
    await ledger.close();
  }
}

const ledgerPath = (stateFolder: string): string => join(stateFolder, 'ledger.jsonl');

const wholeLines = (text: string): string[] =>
  text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
