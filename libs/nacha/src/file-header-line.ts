import { BrokenInvariant, type PlainDate } from '@remitflow/kernel';
import { fileHeader } from './file-header.ts';
import { isFileIdModifier } from './file-id-modifier.ts';
import { parseRoutingNumber } from './routing-number.ts';
import { shortDate } from './short-date.ts';

/** Who sends a file to whom, and when; names as `achText` makes them, at most 23 characters. */
export type FileOrigin = {
  /** The routing number of the bank that gets the file. */
  readonly immediateDestination: string;
  readonly immediateDestinationName: string;
  /** Ten characters the bank gave out; often 1 and the tax id, or a blank and a routing number. */
  readonly immediateOrigin: string;
  readonly immediateOriginName: string;
  readonly createdAt: { readonly date: PlainDate; /** HHMM */ readonly time: string };
  /** A–Z or 0–9, see `fileIdModifier`. */
  readonly fileIdModifier: string;
  readonly referenceCode?: string;
};

export function fileHeaderLine(origin: FileOrigin): string {
  const { createdAt, immediateDestination, immediateOrigin } = origin;
  if (!parseRoutingNumber(immediateDestination).ok) throw new BrokenInvariant('nacha.immediate-destination');
  if (!/^([0-9A-Z]{10}| \d{9})$/.test(immediateOrigin)) throw new BrokenInvariant('nacha.immediate-origin');
  if (!/^([01]\d|2[0-3])[0-5]\d$/.test(createdAt.time)) throw new BrokenInvariant('nacha.creation-time');
  if (!isFileIdModifier(origin.fileIdModifier)) throw new BrokenInvariant('nacha.file-id-modifier');
  return fileHeader.write({
    priorityCode: '01',
    immediateDestination: ` ${immediateDestination}`,
    immediateOrigin,
    creationDate: shortDate(createdAt.date),
    creationTime: createdAt.time,
    fileIdModifier: origin.fileIdModifier,
    recordSize: '094',
    blockingFactor: '10',
    formatCode: '1',
    immediateDestinationName: origin.immediateDestinationName,
    immediateOriginName: origin.immediateOriginName,
    referenceCode: origin.referenceCode ?? '',
  });
}
