/** A practice that bills: invented, with valid identifiers. */
export type BenchPayee = {
  readonly npi: string;
  readonly taxId: string;
  readonly name: string;
  /** What its contract pays, of what is billed. */
  readonly percent: number;
  /** Its part of all claims, against those of the others. */
  readonly weight: number;
};

export const payeesMax = 500;
const claimsOfPayee = 500;
/** Every tenth contract pays nothing, so that denials are written too. */
const deniedEvery = 10;
/** The head of the curve: the largest of 40 practices bills 7 % of all claims, the largest of 500 3 %. */
const flatness = 8;

/** As many practices as bill so many claims: 500 claims each in the mean, between 10 and 500 practices. */
export const payeesOf = (claims: number): number =>
  Math.min(payeesMax, Math.max(10, Math.round(claims / claimsOfPayee)));

export const benchPayees = (count: number): readonly BenchPayee[] =>
  Array.from({ length: count }, (_, place) => ({
    npi: npiOf(170_000_000 + place * 7_919),
    taxId: `85${String(3_100_411 + place * 1_237)}`,
    name: `Practice Group ${place + 1}`,
    percent: place % deniedEvery === deniedEvery - 1 ? 0 : 65 + ((place * 7) % 30),
    weight: 1 / (place + flatness),
  }));

/** Somebody whom no registry knows. */
export const stranger: BenchPayee = {
  npi: npiOf(199_999_001),
  taxId: '999999999',
  name: 'Stranger Clinic',
  percent: 0,
  weight: 0,
};

/** The file that `remitflow payees import` takes. */
export function payeesCsv(payees: readonly BenchPayee[]): string {
  const rows = payees.map(({ npi, taxId, name, percent }, place) => {
    const account = `71${String(4_410_223 + place * 7_331).padStart(9, '0')}5`;
    const routing = ['021000021', '011401533', '091000019'][place % 3]!;
    const type = place % 4 === 3 ? 'savings' : 'checking';
    return [npi, taxId, name, routing, account, type, '2020-01-01', '', 'percent', percent].join(',');
  });
  return `npi,tax_id,name,routing,account,account_type,contract_from,contract_to,pricing,percent\n${rows.join('\n')}\n`;
}

/** Nine digits and the check digit that 45 CFR 162.406 wants (Luhn with the prefix 80840). */
function npiOf(firstNine: number): string {
  const sum = [...String(firstNine)].map(Number).reduce((total, digit, place) => {
    const doubled = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    return total + (place % 2 === 0 ? doubled : digit);
  }, 24);
  return `${firstNine}${(10 - (sum % 10)) % 10}`;
}
