import { defineFact } from '../define-fact.ts';
import { Count, Id, OneOf, Optional, Text } from '../fields.ts';

export const submissionFormats = ['x12', 'csv', 'json'] as const;
export type SubmissionFormat = (typeof submissionFormats)[number];

export class SubmissionsReceivedBody {
  @Id() submissionId: string;
  @OneOf(submissionFormats) format: SubmissionFormat;
  /** SHA-256 of the bytes as received, hex. */
  @Text(64, 64) sha256: string;
  @Count() bytes: number;
  @Optional() @Text(255) fileName?: string;
}

/** A file (or a single request) has come in and is stored as received. */
export const SubmissionsReceived = defineFact({
  type: 'submissions.received',
  major: 1,
  body: SubmissionsReceivedBody,
  saidBy: ['intake'],
  heardBy: ['audit'],
  subject: (body) => body.submissionId,
});

export class SubmissionsFailedBody {
  @Id() submissionId: string;
  @Text(60) code: string;
  @Text(600) message: string;
  @Optional() @Count() byteOffset?: number;
  /** How many of its requests had been submitted before the file failed. */
  @Count() requestsSubmitted: number;
}

/** A file could not be read, or not to its end: mend it at the source and send it again. */
export const SubmissionsFailed = defineFact({
  type: 'submissions.failed',
  major: 1,
  body: SubmissionsFailedBody,
  saidBy: ['intake'],
  heardBy: ['audit'],
  subject: (body) => body.submissionId,
});
