import type { AchProblemCode, Finding } from './ach-problem.ts';
import { batchHeader } from './batch-header.ts';
import { fileHeader } from './file-header.ts';
import { isFileIdModifier } from './file-id-modifier.ts';
import type { AnyLayout, ValuesOf } from './record-layout.ts';
import { parseRoutingNumber } from './routing-number.ts';
import { parseShortDate } from './short-date.ts';

export type FileHeader = ValuesOf<(typeof fileHeader)['shape']>;
export type BatchHeader = ValuesOf<(typeof batchHeader)['shape']>;

export function checkFileHeader(header: FileHeader): Finding[] {
  const { found, require } = findingsOn(fileHeader);
  require('priorityCode', header.priorityCode === '01', 'file-constant');
  require('recordSize', header.recordSize === '094', 'file-constant');
  require('blockingFactor', header.blockingFactor === '10', 'file-constant');
  require('formatCode', header.formatCode === '1', 'file-constant');
  const destination = header.immediateDestination.trim();
  require('immediateDestination', isDestination(destination), 'immediate-destination');
  require('immediateOrigin', /^([0-9A-Z]{10}| \d{9})$/.test(header.immediateOrigin), 'immediate-origin');
  require('creationDate', parseShortDate(header.creationDate) !== undefined, 'creation-date');
  const time = header.creationTime;
  require('creationTime', time === '' || /^([01]\d|2[0-3])[0-5]\d$/.test(time), 'creation-time');
  require('fileIdModifier', isFileIdModifier(header.fileIdModifier), 'file-id-modifier');
  return found;
}

export function checkBatchHeader(header: BatchHeader, batchBefore: BatchHeader | undefined): Finding[] {
  const { found, require } = findingsOn(batchHeader);
  const { secCode, effectiveDate } = header;
  require('serviceClass', ['200', '220', '225', '280'].includes(header.serviceClass), 'service-class');
  require('companyName', secCode === 'IAT' || !/^[0 ]*$/.test(header.companyName), 'company-name');
  require('companyId', header.companyId.trim() !== '', 'company-id');
  require('secCode', secCodes.has(secCode), 'sec-code');
  require('secCode', secCode !== 'ADV', 'adv-not-read');
  require('entryDescription', header.entryDescription.trim() !== '', 'entry-description');
  if (/^0*$/.test(effectiveDate)) require('effectiveDate', secCode === 'COR', 'effective-date-missing');
  else require('effectiveDate', parseShortDate(effectiveDate) !== undefined, 'effective-date');
  require('originatorStatus', /^[012]$/.test(header.originatorStatus), 'originator-status');
  const numberBefore = batchBefore?.batchNumber ?? '';
  require('batchNumber', header.batchNumber > numberBefore, 'batch-number-not-ascending');
  return found;
}

const secCodes: ReadonlySet<string> = new Set(
  'ACK ADV ARC ATX BOC CCD CIE COR CTX DNE ENR IAT MTE POP POS PPD RCK SHR TEL TRC TRX WEB XCK'.split(' '),
);

/** Some banks write their number with a leading zero instead of a blank. */
const isDestination = (text: string): boolean =>
  parseRoutingNumber(text.length === 10 && text.startsWith('0') ? text.slice(1) : text).ok;

function findingsOn(layout: AnyLayout) {
  const found: Finding[] = [];
  const require = (name: string, holds: boolean, code: AchProblemCode): void => {
    if (!holds) found.push({ code, field: layout.fields.find((field) => field.name === name) });
  };
  return { found, require };
}
