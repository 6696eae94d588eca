/** Who the demonstration pays: invented providers with valid identifiers and test account numbers. */
export type DemoPayee = {
  readonly npi: string;
  readonly taxId: string;
  readonly name: string;
  readonly routing: string;
  readonly account: string;
  readonly accountType: 'checking' | 'savings';
  readonly percent: number;
};

/** The rows of the demonstration; the last one's contract pays nothing, so that denials can be seen. */
export const demoPayees: readonly DemoPayee[] = [
  ['Cedar Hill Family Practice', 80],
  ['Northgate Pediatrics', 80],
  ['Lakeshore Imaging Center', 72.5],
  ['Riverbend Orthopedics', 85],
  ['Summit Cardiology Group', 90],
  ['Prairie Physical Therapy', 65],
  ['Harbor Dermatology', 78],
  ['Maple Street Urgent Care', 80],
  ['Bluestone Neurology', 88],
  ['Fairview Nutrition Counseling', 0],
].map(([name, percent], place) => ({
  npi: npiOf(180_000_000 + place * 7_919),
  taxId: `84${String(3_100_411 + place * 1_237)}`,
  name: name as string,
  routing: ['021000021', '011401533', '091000019'][place % 3]!,
  account: `70${String(4_410_223 + place * 7_331).padStart(9, '0')}5`,
  accountType: place % 4 === 3 ? 'savings' : 'checking',
  percent: percent as number,
}));

/** An NPI that no payee has. */
export const unknownNpi = npiOf(199_999_001);

export function payeesCsv(payees: readonly DemoPayee[]): string {
  const rows = payees.map((payee) =>
    [
      payee.npi,
      payee.taxId,
      payee.name,
      payee.routing,
      payee.account,
      payee.accountType,
      '2020-01-01',
      '',
      'percent',
      payee.percent,
    ].join(','),
  );
  return `npi,tax_id,name,routing,account,account_type,contract_from,contract_to,pricing,percent\n${rows.join('\n')}\n`;
}

/** Nine digits and the check digit that 45 CFR 162.406 wants (Luhn with the prefix 80840). */
function npiOf(firstNine: number): string {
  const digits = [...String(firstNine)].map(Number);
  const sum = digits.reduce(
    (total, digit, place) => total + (place % 2 === 0 ? (digit * 2 > 9 ? digit * 2 - 9 : digit * 2) : digit),
    24,
  );
  return `${firstNine}${(10 - (sum % 10)) % 10}`;
}
