/**
 * A short code such as `NM1` or `85` as one number, so that it is compared without being cut out of the text: its
 * bytes one behind the other. A longer one keeps its first three and a mark, and equals no code of up to three.
 */
export function packCode(code: string): number {
  let packed = 0;
  for (let place = 0; place < 3; place += 1) {
    packed = (packed << 8) | (place < code.length ? code.charCodeAt(place) & 0xff : 0);
  }
  return code.length > 3 ? packed | longerMark : packed;
}

/** The same out of bytes, from `start` to before `end`. */
export function packBytes(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length <= 0) return 0;
  const first = bytes[start]! << 16;
  if (length === 1) return first;
  const two = first | (bytes[start + 1]! << 8);
  if (length === 2) return two;
  const three = two | bytes[start + 2]!;
  return length === 3 ? three : three | longerMark;
}

/** The first three characters of what was packed. */
export function unpackCode(packed: number): string {
  const known = unpacked.get(packed);
  if (known !== undefined) return known;
  const bytes = [(packed >> 16) & 0xff, (packed >> 8) & 0xff, packed & 0xff];
  const code = String.fromCharCode(...bytes.filter((byte) => byte !== 0));
  if (unpacked.size < unpackedMax) unpacked.set(packed, code);
  return code;
}

/** A file has few different codes, unless somebody has spoiled it. */
const unpacked = new Map<number, string>();
const unpackedMax = 1_000;
const longerMark = 1 << 24;

/** Packed: the segments that something is done with. */
export const segmentCodes = {
  AMT: packCode('AMT'),
  BHT: packCode('BHT'),
  BPR: packCode('BPR'),
  CAS: packCode('CAS'),
  CLM: packCode('CLM'),
  CLP: packCode('CLP'),
  CUR: packCode('CUR'),
  DMG: packCode('DMG'),
  DTM: packCode('DTM'),
  DTP: packCode('DTP'),
  GE: packCode('GE'),
  GS: packCode('GS'),
  HI: packCode('HI'),
  HL: packCode('HL'),
  IEA: packCode('IEA'),
  ISA: packCode('ISA'),
  LIN: packCode('LIN'),
  LQ: packCode('LQ'),
  LX: packCode('LX'),
  N1: packCode('N1'),
  N3: packCode('N3'),
  N4: packCode('N4'),
  NM1: packCode('NM1'),
  PAT: packCode('PAT'),
  PER: packCode('PER'),
  PLB: packCode('PLB'),
  PRV: packCode('PRV'),
  REF: packCode('REF'),
  SBR: packCode('SBR'),
  SE: packCode('SE'),
  ST: packCode('ST'),
  SV1: packCode('SV1'),
  SV2: packCode('SV2'),
  SVC: packCode('SVC'),
  SVD: packCode('SVD'),
  TA1: packCode('TA1'),
  TRN: packCode('TRN'),
} as const;

/** ISA, GS and ST, and what closes them. */
export const isEnvelopeSegment = (code: number): boolean =>
  code === segmentCodes.ST ||
  code === segmentCodes.SE ||
  code === segmentCodes.GS ||
  code === segmentCodes.GE ||
  code === segmentCodes.ISA ||
  code === segmentCodes.IEA;
