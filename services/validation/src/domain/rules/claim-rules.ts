import { plainDate } from '@remitflow/kernel';
import type { PaymentRequest } from '../payment-request.ts';
import { objectIf, type Rule } from '../rule.ts';

/** CLM01 is at most 20 characters by the 837 guides: more may be sent, but nobody has to return more. */
const claimIdLengthMax = 20;

/** An original claim (1); institutional bills also come in parts: first, continuing and last, and final (2, 3, 4, 9). */
const frequencies = { professional: ['1'], institutional: ['1', '2', '3', '4', '9'] } as const;

const first = { version: '1', effectiveFrom: plainDate('2000-01-01') } as const;

export const claimRules: readonly Rule[] = [
  {
    ...first,
    id: 'claim.id-missing',
    toldBy: ['claim.id-missing'],
    check: ({ claimId }) =>
      objectIf(claimId.trim() === '', 'claimId', 'The claim has no patient control number (CLM01).'),
  },
  {
    ...first,
    id: 'claim.id-length',
    toldBy: ['claim.id-length'],
    check: ({ claimId }) =>
      objectIf(
        claimId.length > claimIdLengthMax,
        'claimId',
        () =>
          `The patient control number (CLM01) has ${claimId.length} characters; at most ${claimIdLengthMax} are allowed.`,
      ),
  },
  {
    ...first,
    id: 'claim.frequency',
    toldBy: ['claim.frequency'],
    check: (request) =>
      objectIf(
        !isOriginal(request) && !isCorrection(request),
        'frequency',
        'The claim frequency (CLM05-3) is not one that can be paid: send 1 for an original claim.',
      ),
  },
  {
    ...first,
    id: 'claim.original-reference',
    toldBy: ['claim.original-reference'],
    check: (request) =>
      objectIf(
        isCorrection(request) && !request.originalReference,
        'originalReference',
        'A replacement (7) or void (8) must name the claim that it corrects (REF*F8).',
      ),
  },
  {
    ...first,
    id: 'claim.correction-unsupported',
    check: (request) =>
      objectIf(
        isCorrection(request),
        'frequency',
        'Replacements (7) and voids (8) are not taken electronically yet: ask payment operations to correct the earlier claim.',
      ),
  },
  {
    ...first,
    id: 'member.id-missing',
    toldBy: ['subscriber.missing', 'subscriber.member-id-missing'],
    check: ({ subscriber }) =>
      objectIf(!subscriber.memberId?.trim(), 'subscriber.memberId', "The subscriber's member id is missing."),
  },
];

const isCorrection = ({ frequency }: PaymentRequest): boolean => frequency === '7' || frequency === '8';

function isOriginal({ frequency = '1', kind }: PaymentRequest): boolean {
  const allowed: readonly string[] = kind === '837I' ? frequencies.institutional : frequencies.professional;
  return allowed.includes(frequency);
}
