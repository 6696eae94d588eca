/** Something in a request that could not be read; validation turns each into a rejection. */
export type Fault = { readonly code: string; readonly message: string; readonly field?: string };

export type RequestKind = '837P' | '837I' | 'csv' | 'json';

export type Line = {
  lineNumber: number;
  lineControl?: string;
  procedureQualifier?: string;
  procedure?: string;
  modifiers: string[];
  revenueCode?: string;
  chargeCents?: number;
  units?: string;
  unitBasis?: string;
  placeOfService?: string;
  serviceFrom?: string;
  serviceTo?: string;
};

export type Person = {
  memberId?: string;
  lastName?: string;
  firstName?: string;
  middleName?: string;
  birthDate?: string;
};

/** A payment request with everything that was readable, in the shape of the contract but for its id. */
export type Request = {
  kind: RequestKind;
  claimId: string;
  frequency?: string;
  facilityCode?: string;
  originalReference?: string;
  clearinghouseTrace?: string;
  billingProvider: { npi?: string; taxId?: string; name?: string };
  subscriber: Person;
  patient?: Person;
  payerId?: string;
  billedCents?: number;
  diagnoses: string[];
  serviceFrom?: string;
  serviceTo?: string;
  lines: Line[];
  faults: Fault[];
};

/** A request where it stood in its file. */
export type ReadRequest = {
  /** 1-based place in the submission. */
  readonly position: number;
  readonly request: Request;
  /** All of its text is such as JSON need not escape. */
  readonly isPlain?: boolean;
  readonly byteOffset: number;
  readonly byteLength: number;
  /** Of its CLM segment in X12, its line in CSV. */
  readonly ordinal?: number;
  readonly places?: unknown;
};

/** Why a whole file cannot be taken, and where in it. */
export type FileFailure = {
  readonly code: string;
  readonly message: string;
  readonly byteOffset?: number;
  readonly segment?: string;
  readonly segmentOrdinal?: number;
  readonly element?: number;
  readonly loop?: string;
  readonly line?: number;
  readonly duplicateOf?: string;
};

export type Interchange = {
  /** ISA05*ISA06. */
  readonly sender: string;
  /** ISA13. */
  readonly controlNumber: string;
  readonly usage: 'P' | 'T';
  /** Of its ISA segment. */
  readonly byteOffset: number;
};

/** What one piece of a file holds, before anything is made of its requests. */
export type SurveyedBatch = {
  readonly count: number;
  readonly interchanges?: readonly Interchange[];
  readonly failure?: FileFailure;
};

/** What one piece of a file held. */
export type ReadBatch = SurveyedBatch & {
  /** Made only when asked for: those of a piece that was read before are not. */
  readonly requests: () => readonly ReadRequest[];
};
