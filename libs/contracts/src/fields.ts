import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { addCheck, is, markOptional, type Check } from './compiled-check.ts';

/**
 * What the fields of a contract may be: each decorator is one kind of field, with its limits. Every rule is given
 * twice from one place, to class-validator and to the compiled check (see compiled-check.ts).
 */

type Constructor = new () => object;

/** A UUID of any version. */
export const Id = (): PropertyDecorator => field(IsUUID(), is.uuid);

/** A calendar day, YYYY-MM-DD. */
export const Day = (): PropertyDecorator =>
  all(field(Matches(dayPattern), is.text(dayPattern)), means({ unit: 'calendar day' }));

/** An instant in UTC, ISO 8601 with a Z. */
export const Instant = (): PropertyDecorator =>
  all(field(Matches(instantPattern), is.text(instantPattern)), means({ unit: 'instant in UTC' }));

/** Whole cents of either sign. */
export const Money = (): PropertyDecorator =>
  all(field(IsInt(), Number.isInteger), means({ unit: 'USD cents' }));

/** Whole cents, never negative. */
export const Amount = (): PropertyDecorator =>
  all(field(all(IsInt(), Min(0)), is.wholeNumber(0, Infinity)), means({ unit: 'USD cents' }));

export const Count = (min = 0, max = Number.MAX_SAFE_INTEGER): PropertyDecorator =>
  field(all(IsInt(), Min(min), Max(max)), is.wholeNumber(min, max));

/** Text of bounded length; empty only when the minimum says so. */
export const Text = (max: number, min = 1): PropertyDecorator =>
  field(all(IsString(), Length(min, max)), is.length(min, max));

/** Text of a fixed form, for example a code of a standard. */
export const Code = (pattern: RegExp): PropertyDecorator => field(Matches(pattern), is.text(pattern));

export const Words = (max: number, most = 50): PropertyDecorator =>
  field(
    all(IsArray(), ArrayMaxSize(most), IsString({ each: true }), Length(1, max, { each: true })),
    is.listOf(is.length(1, max), { min: 0, max: most }),
  );

export const OneOf = (values: readonly string[]): PropertyDecorator =>
  field(IsIn(values), (value) => values.includes(value as string));

/**
 * One of these values, or another that a later release adds: who hears it has to do something sensible with a value it
 * does not know. So adding one keeps the major, which it does not in a closed list.
 */
export const OneOfOpen = (values: readonly string[], max = 40): PropertyDecorator =>
  all(Text(max), means({ openValues: values }));

export const Optional = (): PropertyDecorator =>
  all(IsOptional(), (target, name) => markOptional(target, String(name)));

/** One nested part. */
export const Part = (part: () => Constructor): PropertyDecorator =>
  field(all(IsObject(), ValidateNested(), Type(part)), is.part(part));

/** A list of nested parts. */
export const Parts = (part: () => Constructor, size: { min?: number; max: number }): PropertyDecorator =>
  field(
    all(
      IsArray(),
      ArrayMinSize(size.min ?? 0),
      ArrayMaxSize(size.max),
      IsObject({ each: true }),
      ValidateNested({ each: true }),
      Type(part),
    ),
    is.listOf(is.part(part), { min: size.min ?? 0, max: size.max }),
  );

const dayPattern = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/;

const field =
  (slow: PropertyDecorator, fast: Check): PropertyDecorator =>
  (target, name) => {
    slow(target, name);
    addCheck(target, String(name), fast);
  };

/** What a number or text means that its rules do not say. */
export type Meaning = {
  readonly unit?: string;
  /** The values of an open list that are known today. */
  readonly openValues?: readonly string[];
};

const meanings = new Map<object, Map<string, Meaning>>();

const means =
  (meaning: Meaning): PropertyDecorator =>
  (target, name) => {
    const ofClass = meanings.get(target) ?? new Map<string, Meaning>();
    meanings.set(target, ofClass.set(String(name), meaning));
  };

export const meaningOf = (contract: Constructor, member: string): Meaning =>
  meanings.get(contract.prototype as object)?.get(member) ?? {};

const personalFields = new Set<string>();

/** Names, birth dates, member ids and the like: masked wherever a person looks at a message. */
export const Personal = (): PropertyDecorator => (_, property) => {
  personalFields.add(String(property));
};

/** A copy in which the value of every personal field, at any depth, is replaced by a mask. */
export function maskPersonal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskPersonal);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      personalFields.has(name) && member !== undefined ? '•••' : maskPersonal(member),
    ]),
  );
}

function all(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (target, property) => decorators.forEach((decorate) => decorate(target, property));
}
