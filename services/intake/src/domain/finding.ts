/** What a rule found wrong with a request, as validation says it. */
export type Finding = {
  readonly ruleId: string;
  readonly ruleVersion: string;
  /** Path into the request, lines counted from 0. */
  readonly field?: string;
  readonly message: string;
  readonly duplicateOf?: string;
};
