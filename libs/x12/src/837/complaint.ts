import type { Location, X12Code } from '../problem.ts';

/** A fault of a claim before it is known what it costs. */
export type Complaint = {
  readonly code: X12Code;
  readonly at: Location;
  readonly loop: string;
  readonly message: string;
};

export type Complain = (complaint: Complaint) => void;
