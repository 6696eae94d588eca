import { cents } from '@remitflow/kernel';
import type { FileFailure } from './request.ts';
import type { ReportHead, RejectionLine } from './report.ts';

/** The File Summary Report for a person to read. */
export function headText(head: ReportHead): string {
  const row = (name: keyof ReportHead['counts']): string =>
    `  ${name.padEnd(10)}${String(head.counts[name]).padStart(9)}${dollars(head.cents[name]).padStart(18)}`;
  return [
    'FILE SUMMARY REPORT',
    `file        ${head.fileName ?? '(no name)'} (${head.format}, ${head.bytes} bytes)`,
    `submission  ${head.submissionId}`,
    `received    ${head.receivedAt}`,
    `status      ${head.status}${head.done ? '' : ', not everything is decided yet'}`,
    ...(head.failure ? ['', `FILE FAILED  ${failureSentence(head.failure)}`] : []),
    '',
    `  ${''.padEnd(10)}${'claims'.padStart(9)}${'billed'.padStart(18)}`,
    ...(['received', 'approved', 'held', 'rejected', 'denied'] as const).map(row),
    '',
    `to be paid  ${dollars(head.paidCents)}`,
    ...(head.counts.rejected > 0 ? ['', 'REJECTED CLAIMS'] : []),
    '',
  ].join('\n');
}

export function rejectionText(line: RejectionLine): string {
  const duplicate = line.duplicateOf ? ` First submitted as ${line.duplicateOf}.` : '';
  return `  ${line.claimId || '(no claim id)'}  ${line.message}${duplicate}\n      at ${placeSentence(line)}; rule ${line.ruleId} version ${line.ruleVersion}\n`;
}

/** `loop 2400, SV102, segment 17, byte 812`, or `row 4, column charge, byte 230`. */
export function placeSentence(
  place: Omit<FileFailure, 'code' | 'message'> & { column?: string; component?: number },
): string {
  const { loop, segment, element, component, segmentOrdinal, line, column, byteOffset } = place;
  const number = element === undefined ? '' : String(element).padStart(2, '0');
  return [
    loop && `loop ${loop}`,
    segment && `${segment}${number}${component ? `-${component}` : ''}`,
    segmentOrdinal !== undefined && `segment ${segmentOrdinal}`,
    line !== undefined && `row ${line}`,
    column && `column ${column}`,
    byteOffset !== undefined && `byte ${byteOffset}`,
  ]
    .filter((part) => part)
    .join(', ');
}

function failureSentence(failure: FileFailure): string {
  const place = placeSentence(failure);
  const first = failure.duplicateOf ? ` First submitted as ${failure.duplicateOf}.` : '';
  return `${failure.message}${first}${place ? ` (${place})` : ''} [${failure.code}]`;
}

function dollars(amount: number): string {
  const whole = cents(amount);
  const text = `${Math.floor(whole / 100)}`.replace(/\B(?=(\d{3})+$)/g, ',');
  return `$${text}.${String(whole % 100).padStart(2, '0')}`;
}
