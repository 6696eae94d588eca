import type { AuditEvent } from './event.ts';
import type { Subjects } from './places.ts';

/** An event before its place in the stream is known. */
export type NewEvent = Omit<AuditEvent, 'sequence'> & {
  readonly month: string;
  /** The body as it came, deflated. */
  readonly body: Buffer;
  /** By whom it is looked for. */
  readonly subjects: Subjects;
  /** Its cause is about all of them: it is found by it once that is recorded. */
  readonly isCovered: boolean;
};
