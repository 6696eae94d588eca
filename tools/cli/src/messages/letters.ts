import type { ServiceName } from '@remitflow/kernel';
import type { Output } from '../output.ts';
import { findOwner, type OneService } from './services.ts';

export type Outcome = { readonly outcome: string; readonly code?: string; readonly deadLetterId?: string };

export type Letter = {
  readonly deadLetterId: string;
  readonly messageId: string;
  readonly factName: string;
  readonly subject: string;
  readonly correlationId: string;
  readonly fingerprint: string;
  readonly errorCode: string;
  readonly errorText: string;
  readonly release: string;
  readonly state: string;
  readonly parkedAt: string;
};

export type ListedLetter = Letter & { readonly attempts: number; readonly outcome?: Outcome };

export type ShownLetter = Letter & {
  readonly attempts: readonly { readonly at: string; readonly code: string; readonly text: string }[];
  readonly body: unknown;
  readonly history: readonly {
    readonly act: string;
    readonly by: string;
    readonly reason: string | null;
    readonly actedAt: string;
    readonly runId: string | null;
    readonly proposalId: string | null;
    readonly editedMessageId?: string;
    readonly outcome?: Outcome;
  }[];
  readonly proposal?: Proposal;
  readonly run?: { readonly runId: string; readonly by: string; readonly state: string };
};

export type Change = {
  readonly path: string;
  readonly kind: string;
  readonly from?: unknown;
  readonly to?: unknown;
};

export type Proposal = {
  readonly proposalId: string;
  readonly deadLetterId: string;
  readonly state: string;
  readonly by: string;
  readonly reason: string;
  readonly proposedAt: string;
  readonly decidedBy: string | null;
  readonly changes: readonly Change[];
};

export const findLetter = (
  id: string,
  of: OneService,
): Promise<{ service: ServiceName; body: ShownLetter }> =>
  findOwner<ShownLetter>(
    of,
    { path: '/ops/dead-letters', id },
    {
      code: 'dead-letter-unknown',
      message: `No service has a dead letter ${id}.`,
      nextAction: 'List them with `npx remitflow dead list`.',
    },
  );

export function writeLetter(service: ServiceName, letter: ShownLetter, output: Output): void {
  output.table(
    ['what', 'is'],
    [
      ['dead letter', letter.deadLetterId],
      ['service', `${service}${letter.release ? `, release ${letter.release}` : ''}`],
      ['fact', `${letter.factName} about ${letter.subject}`],
      ['message', letter.messageId],
      ['correlation', letter.correlationId],
      ['state', letter.run ? `${letter.state} by ${letter.run.by} (run ${letter.run.runId})` : letter.state],
      ['cause', `${letter.errorCode} (group ${letter.fingerprint})`],
      ['in words', letter.errorText],
    ],
  );
  output.line('\nTries');
  output.table(
    ['at', 'cause', 'in words'],
    letter.attempts.map(({ at, code, text }) => [at, code, text]),
  );
  if (letter.history.length > 0) {
    output.line('\nWhat was done');
    output.table(
      ['at', 'act', 'by', 'what came of it', 'why'],
      letter.history.map((act) => [
        act.actedAt,
        act.act,
        act.by,
        describeOutcome(act.outcome),
        act.reason ?? '',
      ]),
    );
  }
  if (letter.proposal) output.line(`\nAn edit of ${letter.proposal.by} waits: ${letter.proposal.proposalId}`);
  output.line(`\n${JSON.stringify(letter.body, null, 2)}`);
}

export const describeOutcome = (outcome: Outcome | undefined): string =>
  outcome === undefined ? '' : [outcome.outcome, outcome.code].filter(Boolean).join(': ');

export function writeChanges(changes: readonly Change[], output: Output): void {
  for (const { path, kind, from, to } of changes) {
    output.line(`  ${path || '/'}`);
    if (kind !== 'added') output.line(`    - ${short(from)}`);
    if (kind !== 'removed') output.line(`    + ${short(to)}`);
  }
}

const shownMax = 200;

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > shownMax ? `${text.slice(0, shownMax)} …` : text;
}
