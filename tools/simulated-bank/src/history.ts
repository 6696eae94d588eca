import type { Decision } from './ledger.ts';

/** What the bank remembers of the files it accepted. */
export class History {
  private readonly bySha256 = new Map<string, Decision>();
  private readonly byIdentity = new Map<string, Decision>();
  private readonly traces = new Set<string>();
  private readonly tickets = new Set<string>();
  private answers = 0;

  constructor(decisions: readonly Decision[]) {
    for (const decision of decisions) this.add(decision);
  }

  add(decision: Decision): void {
    this.tickets.add(decision.ticket);
    if (!decision.accepted) return;
    this.bySha256.set(decision.sha256, decision);
    this.byIdentity.set(decision.identity, decision);
    for (const { traceNumber } of decision.credits) this.traces.add(traceNumber);
    this.answers += decision.returns.length + decision.notices.length;
  }

  isDecided = (ticket: string): boolean => this.tickets.has(ticket);
  withBytes = (sha256: string): Decision | undefined => this.bySha256.get(sha256);
  withIdentity = (identity: string): Decision | undefined => this.byIdentity.get(identity);
  hasTrace = (traceNumber: string): boolean => this.traces.has(traceNumber);

  /** How many returns and notices have gone out: the bank's own trace numbers go on from there. */
  get answersSent(): number {
    return this.answers;
  }
}
