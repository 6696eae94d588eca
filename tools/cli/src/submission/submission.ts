/** What a submission waits for, in words for people. */
export type Wait = { readonly code: string; readonly message: string };

/** How far a submission is, as intake tells it. */
export type Submission = {
  readonly submissionId: string;
  readonly status: 'received' | 'parsing' | 'parsed' | 'failed';
  readonly fileName?: string;
  readonly bytes: number;
  readonly bytesRead: number;
  readonly received: number;
  readonly decided: number;
  readonly approved: number;
  readonly held: number;
  readonly rejected: number;
  readonly denied: number;
  readonly done: boolean;
  readonly failure?: { readonly code: string; readonly message: string; readonly byteOffset?: number };
  /** A fault on intake's side that its reading waits for. */
  readonly trouble?: Wait;
  /** What is behind, while reading waits for it. */
  readonly waitsFor?: Wait;
};

export type Rejection = {
  readonly requestId: string;
  readonly claimId: string;
  readonly ruleId: string;
  readonly ruleVersion: string;
  readonly message: string;
  readonly byteOffset: number | null;
  readonly duplicateOf?: string;
};

type Counts = Readonly<Record<'received' | 'approved' | 'held' | 'rejected' | 'denied', number>>;

export type Report = {
  readonly counts: Counts;
  readonly cents: Counts;
  readonly rejections: readonly Rejection[];
};
