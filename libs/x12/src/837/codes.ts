import { packCode } from '../segment-code.ts';

/** HI qualifiers of diagnoses, by their packed code: principal, other, admitting, reason for visit, external cause; ICD-9 and ICD-10. */
export const diagnosisQualifiers: ReadonlyMap<number, string> = new Map(
  ['BK', 'BF', 'BJ', 'PR', 'BN']
    .flatMap((ninth) => [ninth, `A${ninth}`])
    .map((qualifier) => [packCode(qualifier), qualifier]),
);

/** Segments a claim may have that say nothing a payment needs, packed. */
export const claimSegmentsIgnored: ReadonlySet<number> = new Set(
  (
    'AMT CAS CL1 CN1 CR1 CR2 CR3 CR4 CR5 CR6 CR7 CR8 CRC CTP CUR DMG DN1 DN2 DSB FRM HCP HSD K3 LQ MEA MIA MOA ' +
    'N3 N4 NTE OI PAT PER PRV PS1 PWK QTY SV3 SV4 SV5 SV6 SV7 TOO UR CAD III'
  )
    .split(' ')
    .map(packCode),
);

/** The 837 implementation guides that are read when the caller does not say which (ST03, or GS08 before 5010). */
export const implementations: readonly string[] = [
  '005010X222A1',
  '005010X222A2',
  '005010X222',
  '005010X223A1',
  '005010X223A2',
  '005010X223A3',
  '005010X223',
];

export type ClaimReference =
  'originalReference' | 'clearinghouseTrace' | 'medicalRecord' | 'priorAuthorization';

/** REF01, packed, of the references a claim has for itself (loop 2300). */
export const claimReferences: ReadonlyMap<number, ClaimReference> = new Map([
  [packCode('F8'), 'originalReference'],
  [packCode('D9'), 'clearinghouseTrace'],
  [packCode('EA'), 'medicalRecord'],
  [packCode('G1'), 'priorAuthorization'],
]);

/** Qualifiers of what is taken from a claim and its lines, packed. */
export const qualifiers = {
  /** DTP01. */
  serviceDate: packCode('472'),
  statement: packCode('434'),
  admission: packCode('435'),
  discharge: packCode('096'),
  /** REF01. */
  lineControl: packCode('6R'),
  /** NM101. */
  rendering: packCode('82'),
  payer: packCode('PR'),
  /** NM108. */
  npi: packCode('XX'),
  /** AMT01. */
  paid: packCode('D'),
};
