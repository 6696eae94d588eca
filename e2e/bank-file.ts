/** A second opinion on a Nacha file, by columns alone; shares no code with libs/nacha. */
export type BankFile = {
  readonly lines: readonly string[];
  readonly creditCents: number;
  /** TRN02 of each addenda with the amount of its entry. */
  readonly payments: readonly { trace: string; trn: string; amountCents: number; account: string }[];
  readonly faults: readonly string[];
};

const field = (line: string, from: number, to: number): string => line.slice(from - 1, to);

export function readBankFile(text: string): BankFile {
  const lines = text.split('\n').filter(Boolean);
  const of = (type: string): string[] => lines.filter((line) => line[0] === type && !/^9{94}$/.test(line));
  const [entries, addenda] = [of('6'), of('7')];
  const credits = entries.map((line) => Number(field(line, 30, 39)));
  const hash = entries.reduce((sum, line) => sum + Number(field(line, 4, 11)), 0) % 1e10;
  const control = of('9')[0] ?? '';
  const header = of('1')[0] ?? '';
  const creditCents = credits.reduce((sum, amount) => sum + amount, 0);

  const faults = [
    ...faultsOfShape(lines, header),
    ...faultsOfControl(control, {
      blocks: lines.length / 10,
      batches: of('5').length,
      records: entries.length + addenda.length,
      hash,
      creditCents,
    }),
    ...of('5').flatMap(faultsOfBatch),
    ...faultsOfEntries(entries, addenda),
  ];
  const payments = entries.map((line, place) => ({
    trace: field(line, 80, 94),
    trn: /^TRN\*1\*([^*]+)\*1\d{9}~\s*$/.exec(field(addenda[place] ?? '', 4, 83))?.[1] ?? '',
    amountCents: credits[place]!,
    account: field(line, 13, 29).trim(),
  }));
  return { lines, creditCents, payments, faults };
}

/** The names of the conditions that do not hold. */
const broken = (conditions: Readonly<Record<string, boolean>>): string[] =>
  Object.keys(conditions).filter((name) => !conditions[name]);

const faultsOfShape = (lines: readonly string[], header: string): string[] =>
  broken({
    'records of 94 characters': lines.every((line) => line.length === 94),
    'records blocked by ten': lines.length % 10 === 0,
    'record size, blocking factor, format code': field(header, 35, 40) === '094101',
  });

type Counted = { blocks: number; batches: number; records: number; hash: number; creditCents: number };

const faultsOfControl = (control: string, counted: Counted): string[] =>
  broken({
    'batch count': Number(field(control, 2, 7)) === counted.batches,
    'block count': Number(field(control, 8, 13)) === counted.blocks,
    'entry and addenda count': Number(field(control, 14, 21)) === counted.records,
    'entry hash': Number(field(control, 22, 31)) === counted.hash,
    'no debits': Number(field(control, 32, 43)) === 0,
    'total of credits': Number(field(control, 44, 55)) === counted.creditCents,
  });

const faultsOfBatch = (line: string): string[] =>
  broken({
    'service class': field(line, 2, 4) === '220',
    'class code': field(line, 51, 53) === 'CCD',
    'entry description': field(line, 54, 63) === 'HCCLAIMPMT',
  });

const faultsOfEntries = (entries: readonly string[], addenda: readonly string[]): string[] =>
  broken({
    'transaction codes': entries.every((line) => ['22', '32'].includes(field(line, 2, 3))),
    'routing numbers': entries.every((line) => isRouting(field(line, 4, 12))),
    'one addenda an entry': addenda.length === entries.length,
    'addenda beside their entries': addenda.every(
      (line, place) => field(line, 88, 94) === field(entries[place] ?? '', 88, 94),
    ),
  });

const isRouting = (nine: string): boolean =>
  [...nine].reduce((sum, digit, place) => sum + Number(digit) * [3, 7, 1][place % 3]!, 0) % 10 === 0;
