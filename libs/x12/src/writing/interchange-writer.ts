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
  /** 1 for every character that no text may hold: control characters and delimiters. */
  readonly #forbidden = controlCharacters.slice();
  readonly #groupControlNumber: number;
  #segments = 0;
  #sets = 0;

  constructor(
    private readonly envelope: OutgoingEnvelope,
    private readonly group: FunctionalGroup,
  ) {
    this.#delimiters = envelope.delimiters ?? defaultDelimiters;
    this.#end = this.#delimiters.segment + (envelope.lineBreaks ? '\n' : '');
    for (const mark of Object.values(this.#delimiters)) this.#forbidden[mark.charCodeAt(0)] = 1;
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
    const mark = this.#delimiters.element;
    let text = id;
    let marks = '';
    for (let place = 0; place < elements.length; place += 1) {
      const element = elements[place];
      marks += mark;
      const part =
        typeof element === 'object' ? this.#composite(element, id, place) : this.#checked(element, id, place);
      if (part === '') continue;
      text += marks + part;
      marks = '';
    }
    return text + this.#end;
  }

  #composite(components: readonly (string | undefined)[], id: string, place: number): string {
    let text = '';
    let marks = '';
    for (let m = 0; m < components.length; m += 1) {
      const part = this.#checked(components[m], id, place);
      if (part !== '') {
        text += marks + part;
        marks = '';
      }
      marks += this.#delimiters.component;
    }
    return text;
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
    for (let index = 0; index < text.length; index += 1) {
      if (this.#forbidden[text.charCodeAt(index)] === 1)
        throw new CannotProceed('x12.delimiter-in-text', { segment, element: place + 1 });
    }
    return text;
  }
}

const controlCharacters = new Uint8Array(0x10000);
controlCharacters.fill(1, 0, 0x20).fill(1, 0x7f, 0xa0);

function padded(text: string, width: number): string {
  if (text.length > width) throw new CannotProceed('x12.isa-too-long', { width });
  return text.padEnd(width);
}

function controlNumber(number: number): string {
  if (Number.isInteger(number) && number > 0 && number <= 999_999_999) return String(number).padStart(9, '0');
  throw new CannotProceed('x12.control-number', { number });
}
