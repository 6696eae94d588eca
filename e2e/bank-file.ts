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
    ...lines.filter((line) => line.length !== 94).map((line) => `a record of ${line.length} characters`),
    ...(lines.length % 10 === 0 ? [] : [`${lines.length} records are not blocked by ten`]),
    ...(Number(field(control, 8, 13)) === lines.length / 10 ? [] : ['block count']),
    ...(Number(field(control, 2, 7)) === of('5').length ? [] : ['batch count']),
    ...(Number(field(control, 14, 21)) === entries.length + addenda.length
      ? []
      : ['entry and addenda count']),
    ...(Number(field(control, 22, 31)) === hash ? [] : ['entry hash']),
    ...(Number(field(control, 44, 55)) === creditCents ? [] : ['total of credits']),
    ...(Number(field(control, 32, 43)) === 0 ? [] : ['debits in a file of credits']),
    ...(field(header, 35, 40) === '094101' ? [] : ['record size, blocking factor, format code']),
    ...of('5').flatMap((line) => [
      ...(field(line, 2, 4) === '220' ? [] : ['service class']),
      ...(field(line, 51, 53) === 'CCD' ? [] : ['class code']),
      ...(field(line, 54, 63) === 'HCCLAIMPMT' ? [] : ['entry description']),
    ]),
    ...entries.filter((line) => !['22', '32'].includes(field(line, 2, 3))).map(() => 'transaction code'),
    ...entries.filter((line) => !isRouting(field(line, 4, 12))).map(() => 'routing number'),
    ...(addenda.length === entries.length ? [] : ['one addenda an entry']),
    ...addenda
      .filter((line, place) => field(line, 88, 94) !== field(entries[place]!, 88, 94))
      .map(() => 'addenda of another entry'),
  ];
  const payments = entries.map((line, place) => ({
    trace: field(line, 80, 94),
    trn: /^TRN\*1\*([^*]+)\*1\d{9}~\s*$/.exec(field(addenda[place] ?? '', 4, 83))?.[1] ?? '',
    amountCents: credits[place]!,
    account: field(line, 13, 29).trim(),
  }));
  return { lines, creditCents, payments, faults };
}

const isRouting = (nine: string): boolean =>
  [...nine].reduce((sum, digit, place) => sum + Number(digit) * [3, 7, 1][place % 3]!, 0) % 10 === 0;
