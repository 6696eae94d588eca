import { Id, Optional, Text } from '../fields.ts';

/** What a rule found wrong with a request, in words for the person who has to mend it. */
export class Finding {
  /** Stable name of the rule, for example `npi.check-digit`. */
  @Text(60) ruleId: string;
  @Text(20) ruleVersion: string;
  /** The member of the request at fault, dotted, for example `lines.2.chargeCents`. */
  @Optional() @Text(80) field?: string;
  @Text(600) message: string;
  /** For a duplicate: the request that came first. */
  @Optional() @Id() duplicateOf?: string;
}
