import type { EnvelopeOptions } from '../envelope.ts';
import { problem, type X12Problem } from '../problem.ts';
import type { Segment } from '../segment.ts';
import type { ClaimType } from './claim.ts';
import { implementations } from './codes.ts';

export type ClaimReaderOptions = EnvelopeOptions & {
  /** Implementation ids (ST03, or GS08) that are read; others are refused. */
  readonly implementations?: readonly string[];
};

/** Whether a transaction set holds claims that are read here: its type and guide, or why not. */
export function judgeSet(
  st: Segment,
  group: Segment | undefined,
  { implementations: accepted = implementations, severities }: ClaimReaderOptions,
): { readonly type: ClaimType; readonly implementation: string } | X12Problem {
  const implementation = st.element(3).trim() || (group?.element(8).trim() ?? '');
  const set = st.element(1).trim();
  if (set !== '837' || implementation.includes('X224')) {
    return problem('transaction.type', st.at(1), {
      message: expectedClaims(set, implementation),
      severities,
    });
  }
  const type = claimTypeOf(implementation);
  if (type && accepted.includes(implementation)) return { type, implementation };
  const message =
    `The 837 follows guide "${implementation.slice(0, 12)}", which is not accepted here. ` +
    'Send 005010X222A1 (professional) or 005010X223A2 (institutional).';
  return problem('transaction.implementation', st.at(3), { message, severities });
}

/** X222 and X223, or X098 and X096 before 5010. */
function claimTypeOf(implementation: string): ClaimType | undefined {
  if (/X222|X098/.test(implementation)) return '837P';
  return /X223|X096/.test(implementation) ? '837I' : undefined;
}

function expectedClaims(set: string, implementation: string): string {
  const named = setNames[set] ?? `transaction set "${set.slice(0, 6)}"`;
  const name = implementation.includes('X224') ? 'dental claims (837D)' : named;
  return `The file holds ${name}. Send professional (837P) or institutional (837I) claims here.`;
}

const setNames: Readonly<Record<string, string>> = {
  '270': 'an eligibility inquiry (270)',
  '276': 'a claim status request (276)',
  '277': 'a claim status or claim acknowledgement (277)',
  '835': 'a remittance (835)',
  '997': 'an acknowledgement (997)',
  '999': 'an acknowledgement (999)',
};
