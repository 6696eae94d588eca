import type { Format } from './declared-format.ts';
import type { FileFailure } from './request.ts';
import type { Trouble } from './trouble.ts';

export type SubmissionStatus = 'received' | 'parsing' | 'parsed' | 'failed';

/** A file, or one request by JSON, as it came in and how far its reading is. */
export type Submission = {
  readonly submissionId: string;
  readonly door: 'file' | 'api';
  readonly format: Format;
  readonly fileName?: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Below the folder of raw files. */
  readonly path: string;
  /** ISA15; absent for other formats. */
  readonly usage?: 'P' | 'T';
  readonly status: SubmissionStatus;
  /** Found in order as a whole, before any of its requests was said. */
  readonly checked: boolean;
  /** Requests that the check has counted; absent before it, and of files that were checked without counting. */
  readonly requestsFound?: number;
  readonly bytesRead: number;
  /** Facts said, and requests stored, so far. */
  readonly parts: number;
  readonly positions: number;
  readonly failure?: FileFailure;
  /** What hinders its reading on our side, and how many readings in a row that has ended. */
  readonly trouble?: Trouble;
  readonly tries?: number;
  readonly receivedAt: Date;
  readonly finishedAt?: Date;
};

export type NewSubmission = Pick<
  Submission,
  'submissionId' | 'door' | 'format' | 'fileName' | 'bytes' | 'sha256' | 'path' | 'usage' | 'receivedAt'
>;

/** The submission that came first. */
export type Earlier = Pick<Submission, 'submissionId' | 'status' | 'failure'>;

/** Where the bytes are kept: spread over folders by their hash. */
export const rawPathOf = (sha256: string, submissionId: string): string =>
  `${sha256.slice(0, 2)}/${submissionId}`;
