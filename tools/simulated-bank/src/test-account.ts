/** What happens to money sent to an account: its last four digits say so. */
export type AccountFate =
  | { readonly kind: 'settles' }
  | { readonly kind: 'returns'; readonly code: string }
  | { readonly kind: 'moves'; readonly changeCode: 'C01'; readonly correctedAccount: string };

export function accountFate(account: string): AccountFate {
  const suffix = account.trim().slice(-4);
  const code = returnCodes[suffix];
  if (code !== undefined) return { kind: 'returns', code };
  if (suffix !== movedSuffix) return { kind: 'settles' };
  const correctedAccount = account.trim().slice(0, -4) + newSuffix;
  return { kind: 'moves', changeCode: 'C01', correctedAccount };
}

const returnCodes: Readonly<Record<string, string>> = { 9901: 'R01', 9902: 'R02', 9903: 'R03', 9904: 'R04' };
const movedSuffix = '9801';

/** Leads to an account that simply settles. */
const newSuffix = '9810';
