import { parsePlainDate, type PlainDate } from '@remitflow/kernel';

/** YYMMDD, the date form of Nacha. */
export const shortDate = (date: PlainDate): string => date.slice(2).replaceAll('-', '');

/** Reads YYMMDD as a day of this century; undefined when it is none. */
export const parseShortDate = (text: string): PlainDate | undefined =>
  /^\d{6}$/.test(text)
    ? parsePlainDate(`20${text.slice(0, 2)}-${text.slice(2, 4)}-${text.slice(4, 6)}`)
    : undefined;
