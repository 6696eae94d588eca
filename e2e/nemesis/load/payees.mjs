/** Who is paid. One payee's contract pays nothing; banks send back what two of them get, and freeze one; one wants a new number. */
const names = [
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
  ['Returning Springs Clinic', 80, '9901'],
  ['Moving Hills Hospice', 80, '9801'],
  ['Closed Canyon Therapy', 75, '9902'],
];

export const payees = names.map(([name, percent, ending], place) => ({
  name,
  percent,
  npi: npiOf(181_000_000 + place * 7_919),
  taxId: `84${String(3_200_411 + place * 1_237)}`,
  routing: ['021000021', '011401533', '091000019'][place % 3],
  account: `71${String(4_410_223 + place * 7_331).padStart(7, '0')}${ending ?? '1115'}`,
  accountType: place % 4 === 3 ? 'savings' : 'checking',
}));

/** Those whose claims are approved and whose money stays where it went. */
export const goodPayees = payees.filter(({ percent, account }) => percent > 0 && account.endsWith('1115'));

export const payeesCsv = [
  'npi,tax_id,name,routing,account,account_type,contract_from,contract_to,pricing,percent',
  ...payees.map((one) =>
    [
      one.npi,
      one.taxId,
      one.name,
      one.routing,
      one.account,
      one.accountType,
      '2020-01-01',
      '',
      'percent',
      one.percent,
    ].join(','),
  ),
  '',
].join('\n');

/** Nine digits and the check digit that 45 CFR 162.406 wants (Luhn with the prefix 80840). */
function npiOf(firstNine) {
  const sum = [...String(firstNine)]
    .map(Number)
    .reduce(
      (total, digit, place) => total + (place % 2 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2),
      24,
    );
  return `${firstNine}${(10 - (sum % 10)) % 10}`;
}
