import { CannotProceed, compactDate, type PlainDate } from '@remitflow/kernel';
import type { Delimiters } from '../delimiters.ts';

export type OutgoingEnvelope = {
  /** ISA05 and ISA06. */
  readonly senderQualifier: string;
  readonly senderId: string;
  /** ISA07 and ISA08. */
  readonly receiverQualifier: string;
  readonly receiverId: string;
  /** GS02 and GS03; the interchange ids when not given. */
  readonly applicationSender?: string;
  readonly applicationReceiver?: string;
  readonly date: PlainDate;
  /** HHMM. */
  readonly time: string;
  /** 1 to 999999999: ISA13 and IEA02. */
  readonly interchangeControlNumber: number;
  /** GS06 and GE02; the interchange's when not given. */
  readonly groupControlNumber?: number;
  readonly usage: 'P' | 'T';
  readonly delimiters?: Delimiters;
  /** A line break after every segment, for people; false makes one long line. */
  readonly lineBreaks?: boolean;
};

export type FunctionalGroup = { readonly id: 'HC' | 'HP'; readonly version: string };

/** An element, or the components of one. */
export type ElementText = string | undefined | readonly (string | undefined)[];

export const defaultDelimiters: Delimiters = { element: '*', component: ':', segment: '~', repetition: '^' };

/**
 * Writes one interchange with one functional group: counts segments and sets, pads the ISA to its fixed widths and
 * refuses text that holds a delimiter (`x12.delimiter-in-text`), so that what was meant is what is read.
 */
export class InterchangeWriter {
  readonly #delimiters: Delimiters;
  readonly #end: string;
  readonly #forbidden: RegExp;
  readonly #groupControlNumber: number;
  #segments = 0;
  #sets = 0;

  constructor(
    private readonly envelope: OutgoingEnvelope,
    private readonly group: FunctionalGroup,
  ) {
    this.#delimiters = envelope.delimiters ?? defaultDelimiters;
    this.#end = this.#delimiters.segment + (envelope.lineBreaks ? '\n' : '');
    const characters = Object.values(this.#delimiters).map(
      (character) => `\\u{${character.charCodeAt(0).toString(16)}}`,
    );
    this.#forbidden = new RegExp(`[\\p{Cc}${characters.join('')}]`, 'u');
    this.#groupControlNumber = envelope.groupControlNumber ?? envelope.interchangeControlNumber;
  }

  open(): string {
    const { envelope, group } = this;
    const date = compactDate(envelope.date);
    return (
      this.#header(date.slice(2)) +
      this.segment(
        'GS',
        group.id,
        envelope.applicationSender ?? envelope.senderId,
        envelope.applicationReceiver ?? envelope.receiverId,
        date,
        envelope.time,
        String(this.#groupControlNumber),
        'X',
        group.version,
      )
    );
  }

  /** ST; `version` is ST03, which the 835 guide does not use. */
  openTransaction(set: string, version?: string): string {
    this.#sets += 1;
    this.#segments = 0;
    return this.segment('ST', set, this.#transactionControlNumber, version);
  }

  closeTransaction(): string {
    return this.segment('SE', String(this.#segments + 1), this.#transactionControlNumber);
  }

  close(): string {
    const { interchangeControlNumber } = this.envelope;
    return (
      this.segment('GE', String(this.#sets), String(this.#groupControlNumber)) +
      this.segment('IEA', '1', controlNumber(interchangeControlNumber))
    );
  }

  /** One segment; empty elements at its end are left out, as are empty components. */
  segment(id: string, ...elements: readonly ElementText[]): string {
    this.#segments += 1;
    const { element, component } = this.#delimiters;
    const texts = elements.map((text, place) =>
      typeof text === 'object'
        ? withoutEmptyEnd(text.map((part) => this.#checked(part, id, place))).join(component)
        : this.#checked(text, id, place),
    );
    return [id, ...withoutEmptyEnd(texts)].join(element) + this.#end;
  }

  get #transactionControlNumber(): string {
    return String(this.#sets).padStart(4, '0');
  }

  #header(date: string): string {
    const { envelope } = this;
    const { element, component, repetition } = this.#delimiters;
    const texts = [
      ['00', 2],
      ['', 10],
      ['00', 2],
      ['', 10],
      [envelope.senderQualifier, 2],
      [envelope.senderId, 15],
      [envelope.receiverQualifier, 2],
      [envelope.receiverId, 15],
      [date, 6],
      [envelope.time, 4],
    ] as const;
    const fixed = texts.map(([text, width], place) => padded(this.#checked(text, 'ISA', place), width));
    const rest = [
      repetition ?? 'U',
      '00501',
      controlNumber(envelope.interchangeControlNumber),
      '0',
      envelope.usage,
    ];
    return ['ISA', ...fixed, ...rest, component].join(element) + this.#end;
  }

  #checked(text: string | undefined, segment: string, place: number): string {
    if (text === undefined) return '';
    if (!this.#forbidden.test(text)) return text;
    throw new CannotProceed('x12.delimiter-in-text', { segment, element: place + 1 });
  }
}

function padded(text: string, width: number): string {
  if (text.length > width) throw new CannotProceed('x12.isa-too-long', { width });
  return text.padEnd(width);
}

function controlNumber(number: number): string {
  if (Number.isInteger(number) && number > 0 && number <= 999_999_999) return String(number).padStart(9, '0');
  throw new CannotProceed('x12.control-number', { number });
}

function withoutEmptyEnd(texts: string[]): string[] {
  let end = texts.length;
  while (end > 0 && texts[end - 1] === '') end -= 1;
  return texts.slice(0, end);
}
