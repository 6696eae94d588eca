/** What a rule found wrong with a request, in a sentence for the person who has to mend it; never a personal value. */
export type Finding = {
  readonly ruleId: string;
  readonly ruleVersion: string;
  /** The member of the request at fault, dotted; lines are counted from 0: `lines.2.chargeCents`. */
  readonly field?: string;
  readonly message: string;
  /** For a duplicate: the request that came first. */
  readonly duplicateOf?: string;
};

/** A fact takes at most this many findings for one request. */
export const findingsMax = 200;
