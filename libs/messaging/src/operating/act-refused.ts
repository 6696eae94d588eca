/** How a refused act is answered: there is no such thing; it is in another state; not by this person; not like this. */
export type RefusalKind = 'unknown' | 'conflict' | 'forbidden' | 'invalid';

export type RefusalFacts = Readonly<Record<string, unknown>>;

/** An act that is not done: nothing of it is kept. Facts are ids, states and counts, nothing personal. */
export class ActRefused extends Error {
  readonly kind: RefusalKind;
  readonly code: string;
  readonly facts: RefusalFacts;

  constructor(
    kind: RefusalKind,
    { code, message, ...facts }: { code: string; message: string } & RefusalFacts,
  ) {
    super(message);
    this.name = 'ActRefused';
    this.kind = kind;
    this.code = code;
    this.facts = facts;
  }
}

export const unknownLetter = (deadLetterId: string): ActRefused =>
  new ActRefused('unknown', {
    code: 'dead-letter.unknown',
    message: 'There is no such dead letter.',
    deadLetterId,
  });

export const letterNotOpen = (deadLetterId: string, state: string): ActRefused =>
  new ActRefused('conflict', {
    code: 'dead-letter.not-open',
    message: `The dead letter is not open any more: it is ${state}.`,
    deadLetterId,
    state,
  });

export const unreadable = (deadLetterId: string): ActRefused =>
  new ActRefused('invalid', {
    code: 'dead-letter.unreadable',
    message: 'Its bytes cannot be processed as they are: edit it, or discard it.',
    deadLetterId,
  });
