import { problem, type Severities, type X12Problem } from '../problem.ts';
import { packCode, segmentCodes } from '../segment-code.ts';
import type { SegmentCursor } from '../segment-cursor.ts';

/** HL03, packed. */
export const levels = { billing: packCode('20'), subscriber: packCode('22'), patient: packCode('23') };

/** What is wrong with a level for the file: what belongs to a level otherwise is a fault of its claims. */
export function levelProblem(hl: SegmentCursor, severities: Severities | undefined): X12Problem | undefined {
  const level = hl.trimmedCodeOf(3);
  if (level === levels.subscriber || level === levels.billing || level === levels.patient) return undefined;
  const message = 'HL03 must be 20 (billing provider), 22 (subscriber) or 23 (patient).';
  return problem('hierarchy.level', hl.at(3), { message, severities });
}

/** The segments a level may have, packed. */
export const levelSegments: ReadonlySet<number> = new Set([
  segmentCodes.NM1,
  segmentCodes.N3,
  segmentCodes.N4,
  segmentCodes.DMG,
  segmentCodes.REF,
  segmentCodes.PRV,
  segmentCodes.SBR,
  segmentCodes.PAT,
  segmentCodes.PER,
  segmentCodes.CUR,
]);
