/** Everything about a message but its body; CloudEvents 1.0 names where it has them. */
export type Envelope = {
  readonly id: string;
  /** Fact name with major version, for example `requests.approved.v1`. */
  readonly type: string;
  /** The service that said it. */
  readonly source: string;
  readonly subject: string;
  /** When it was said, ISO 8601 in UTC. */
  readonly time: string;
  /** What everything that follows from one submission shares. */
  readonly correlationId: string;
  /** The message that led to this one. */
  readonly causationId?: string;
  /** W3C trace context, taken when the outbox row was written. */
  readonly traceParent?: string;
  /** The row of the speaker's outbox that this copy was made from; receipts name it. */
  readonly outboxSeq?: string;
  /** SHA-256 of the JSON text, hex. */
  readonly digest: string;
};
