/** HI qualifiers of diagnoses: principal, other, admitting, reason for visit, external cause; ICD-9 and ICD-10. */
export const diagnosisQualifiers: ReadonlySet<string> = new Set(
  ['BK', 'BF', 'BJ', 'PR', 'BN'].flatMap((ninth) => [ninth, `A${ninth}`]),
);

/** Segments a claim may have that say nothing a payment needs. */
export const claimSegmentsIgnored: ReadonlySet<string> = new Set(
  (
    'AMT CAS CL1 CN1 CR1 CR2 CR3 CR4 CR5 CR6 CR7 CR8 CRC CTP CUR DMG DN1 DN2 DSB FRM HCP HSD K3 LQ MEA MIA MOA ' +
    'N3 N4 NTE OI PAT PER PRV PS1 PWK QTY SV3 SV4 SV5 SV6 SV7 TOO UR CAD III'
  ).split(' '),
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

/** REF01 of the references a claim has for itself (loop 2300). */
export const claimReferences: Readonly<
  Partial<Record<string, 'originalReference' | 'clearinghouseTrace' | 'medicalRecord' | 'priorAuthorization'>>
> = { F8: 'originalReference', D9: 'clearinghouseTrace', EA: 'medicalRecord', G1: 'priorAuthorization' };
