import { parsePlainDate, type PlainDate } from '@remitflow/kernel';

export type BankFileKind = 'acknowledgement' | 'settlement' | 'returns' | 'notices';

/** In the order in which they are to be taken when several lie there: what settled before what came back. */
const suffixes: readonly (readonly [suffix: string, kind: BankFileKind])[] = [
  ['.ack.json', 'acknowledgement'],
  ['.settled.json', 'settlement'],
  ['.returns.ach', 'returns'],
  ['.noc.ach', 'notices'],
];

/** What the bank means by a file of this name; undefined when it is none of its answers. */
export const bankFileKind = (name: string): BankFileKind | undefined =>
  name.startsWith('.') ? undefined : suffixes.find(([suffix]) => name.endsWith(suffix))?.[1];

/** The answers among these names, in the order in which they are to be taken. */
export const bankFilesInOrder = (names: readonly string[]): string[] =>
  suffixes.flatMap(([, kind]) => names.filter((name) => bankFileKind(name) === kind).sort());

export type Acknowledgement = {
  readonly file: string;
  readonly sha256: string;
  readonly accepted: boolean;
  readonly problems: readonly { code: string; message: string }[];
};

export type SettledEntry = { readonly traceNumber: string; readonly amountCents: number };

export type Settlement = {
  readonly file: string;
  readonly settledOn: PlainDate;
  readonly entries: readonly SettledEntry[];
};

/** Undefined when the text is not an acknowledgement. */
export function parseAcknowledgement(text: string): Acknowledgement | undefined {
  const answer = parseObject(text);
  const { file, sha256, accepted, problems } = answer ?? {};
  if (typeof file !== 'string' || typeof sha256 !== 'string' || typeof accepted !== 'boolean')
    return undefined;
  const listed = Array.isArray(problems) ? problems : [];
  return { file, sha256, accepted, problems: listed.slice(0, problemsKept).map(problemOf) };
}

/** Undefined when the text is not a settlement. */
export function parseSettlement(text: string): Settlement | undefined {
  const answer = parseObject(text);
  const { file, settledOn, entries } = answer ?? {};
  const day = typeof settledOn === 'string' ? parsePlainDate(settledOn) : undefined;
  if (typeof file !== 'string' || day === undefined || !Array.isArray(entries)) return undefined;
  return entries.every(isSettledEntry) ? { file, settledOn: day, entries } : undefined;
}

const problemsKept = 20;

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function problemOf(problem: unknown): { code: string; message: string } {
  const { code, message } = (problem ?? {}) as Record<string, unknown>;
  const sentence = String(message ?? '').replace(/\d{5,}/g, '•••'); // banks quote account numbers
  return { code: String(code ?? 'unknown').slice(0, 60), message: sentence.slice(0, 200) };
}

function isSettledEntry(entry: unknown): entry is SettledEntry {
  const { traceNumber, amountCents } = (entry ?? {}) as Record<string, unknown>;
  return typeof traceNumber === 'string' && Number.isSafeInteger(amountCents);
}
