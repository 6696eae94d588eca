import { BrokenInvariant } from '@remitflow/kernel';

/** Every record of a Nacha file has this many characters. */
export const recordLength = 94;

type ConstantField = { readonly kind: 'constant'; readonly width: number; readonly literal: string };
type DigitsField = { readonly kind: 'digits'; readonly width: number };
type WholeField = { readonly kind: 'whole'; readonly width: number };
type TextField = { readonly kind: 'text'; readonly width: number };
type BlankField = { readonly kind: 'blank'; readonly width: number };

export type Field = ConstantField | DigitsField | WholeField | TextField | BlankField;
export type Fields = Readonly<Record<string, Field>>;

/** What a record says: constants and reserved columns are left out. */
export type ValuesOf<F extends Fields> = {
  readonly [
    Name in keyof F as F[Name] extends ConstantField | BlankField ? never : Name
  ]: F[Name] extends WholeField ? number : string;
};

/** A field and its columns, counted from 1, both ends included, as the rulebook prints them. */
export type PlacedField = {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly field: Field;
};

export type RecordLayout<F extends Fields> = {
  readonly name: string;
  readonly shape: F;
  readonly fields: readonly PlacedField[];
  /** Writes 94 characters; throws `nacha.field-does-not-fit` rather than shift or cut anything. */
  write(values: ValuesOf<F>): string;
  /** Reads what the columns say, blanks at the end cut off; a number that is none reads as NaN. */
  read(record: string): ValuesOf<F>;
  /** The fields whose characters can not stand there; reserved columns are not looked at. */
  misfits(record: string): readonly PlacedField[];
};

/** Any layout, for those who look at records without writing them. */
export type AnyLayout = Pick<RecordLayout<Fields>, 'name' | 'fields' | 'misfits'> & {
  readonly shape: Fields;
};

/** Always these characters. */
export const is = (literal: string): ConstantField => ({ kind: 'constant', width: literal.length, literal });
/** An identifier made of exactly this many digits. */
export const digits = (width: number): DigitsField => ({ kind: 'digits', width });
/** A whole number, right-justified and filled with zeros. */
export const whole = (width: number): WholeField => ({ kind: 'whole', width });
/** Printable ASCII, left-justified and filled with blanks. */
export const text = (width: number): TextField => ({ kind: 'text', width });
/** Reserved columns. */
export const blank = (width: number): BlankField => ({ kind: 'blank', width });

/** The rulebook's table of one record; refuses to exist (`nacha.layout-not-94`) unless it fills 94 characters. */
export function recordLayout<const F extends Fields>(name: string, fields: F): RecordLayout<F> {
  const placed = place(fields);
  const length = placed.at(-1)?.to ?? 0;
  if (length !== recordLength) throw new BrokenInvariant('nacha.layout-not-94', { layout: name, length });
  const valued = placed.filter(({ field }) => field.kind !== 'constant' && field.kind !== 'blank');
  const wellFormed = new RegExp(`^${placed.map(({ field }) => patternOf(field)).join('')}$`);

  return {
    name,
    shape: fields,
    fields: placed,
    write: (values) => placed.map((field) => fill(name, field, values)).join(''),
    read: (record) => {
      const values: Record<string, string | number> = {};
      for (const field of valued) values[field.name] = valueAt(record, field);
      return values as ValuesOf<F>;
    },
    misfits: (record) =>
      wellFormed.test(record)
        ? []
        : placed.filter(({ from, to, field }) => !alone(field).test(record.slice(from - 1, to))),
  };
}

function place(fields: Fields): PlacedField[] {
  let filled = 0;
  return Object.entries(fields).map(([name, field]) => {
    const from = filled + 1;
    filled += field.width;
    return { name, from, to: filled, field };
  });
}

function fill(
  layout: string,
  { name, field }: PlacedField,
  values: Readonly<Record<string, unknown>>,
): string {
  if (field.kind === 'constant') return field.literal;
  if (field.kind === 'blank') return ' '.repeat(field.width);
  const written = justify(field, values[name]);
  if (written === undefined || written.length !== field.width || !alone(field).test(written)) {
    throw new BrokenInvariant('nacha.field-does-not-fit', { layout, field: name, width: field.width });
  }
  return written;
}

function justify(field: Field, value: unknown): string | undefined {
  if (field.kind === 'whole') {
    return typeof value === 'number' && Number.isSafeInteger(value)
      ? String(value).padStart(field.width, '0')
      : undefined;
  }
  if (typeof value !== 'string') return undefined;
  return field.kind === 'text' ? value.padEnd(field.width) : value;
}

function valueAt(record: string, { from, to, field }: PlacedField): string | number {
  const raw = record.slice(from - 1, to);
  if (field.kind === 'whole') return /^\d+$/.test(raw) ? Number(raw) : NaN;
  return field.kind === 'text' ? raw.trimEnd() : raw;
}

function patternOf(field: Field): string {
  if (field.kind === 'constant') return field.literal.replace(/\W/g, '\\$&');
  if (field.kind === 'blank') return `[^]{${field.width}}`;
  return field.kind === 'text' ? `[ -~]{${field.width}}` : `\\d{${field.width}}`;
}

const patterns = new Map<string, RegExp>();

function alone(field: Field): RegExp {
  const pattern = patternOf(field);
  const known = patterns.get(pattern) ?? new RegExp(`^${pattern}$`);
  patterns.set(pattern, known);
  return known;
}
