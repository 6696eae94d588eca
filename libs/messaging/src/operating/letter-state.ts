/**
 * What can be done about a dead letter, and what then becomes of it.
 * - `open`: waits for somebody
 * - `redriving`: taken by a run, which has not sent it yet
 * - `redriven`: sent again under its own id; open once more when it fails again
 * - `edited`: processed in other words, under another id; its own id counts as dealt with
 * - `discarded`: never processed
 */
export const letterStates = ['open', 'redriving', 'redriven', 'edited', 'discarded'] as const;

export type LetterState = (typeof letterStates)[number];

export const letterEvents = ['park', 'take', 'release', 'send', 'edit', 'discard'] as const;

/** What happens to a dead letter: the message is parked (again), a run takes it or lets go of it, … */
export type LetterEvent = (typeof letterEvents)[number];

/** Undefined where an event is refused. A message parked again while somebody has decided about it changes nothing. */
const transitions: Readonly<Record<LetterState, Readonly<Partial<Record<LetterEvent, LetterState>>>>> = {
  open: { park: 'open', take: 'redriving', send: 'redriven', edit: 'edited', discard: 'discarded' },
  redriving: { park: 'redriving', release: 'open', send: 'redriven' },
  redriven: { park: 'open' },
  edited: { park: 'edited' },
  discarded: { park: 'discarded' },
};

export const nextLetterState = (state: LetterState, event: LetterEvent): LetterState | undefined =>
  transitions[state][event];

/** The states in which an event is not refused. */
export const statesThatAllow = (event: LetterEvent): LetterState[] =>
  letterStates.filter((state) => transitions[state][event] !== undefined);
