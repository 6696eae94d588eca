/**
 * National Provider Identifier: ten digits starting with 1 or 2 whose Luhn sum over 80840 + NPI ends in zero
 * (45 CFR 162.406; the constant 24 stands for the Luhn sum of the prefix).
 */
export function isNpi(text: string): boolean {
  if (!/^[12]\d{9}$/.test(text)) return false;
  let sum = 24;
  for (let place = 0; place < 10; place += 1) {
    const digit = Number(text[place]);
    const doubled = place % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
