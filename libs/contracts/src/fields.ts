import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

/** What the fields of a contract may be: each decorator is one kind of field, with its limits. */

type Constructor = new () => object;

/** A UUID of any version. */
export const Id = (): PropertyDecorator => IsUUID();

/** A calendar day, YYYY-MM-DD. */
export const Day = (): PropertyDecorator => Matches(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/);

/** An instant in UTC, ISO 8601 with a Z. */
export const Instant = (): PropertyDecorator => Matches(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/);

/** Whole cents of either sign. */
export const Money = (): PropertyDecorator => IsInt();

/** Whole cents, never negative. */
export const Amount = (): PropertyDecorator => all(IsInt(), Min(0));

export const Count = (min = 0, max = Number.MAX_SAFE_INTEGER): PropertyDecorator =>
  all(IsInt(), Min(min), Max(max));

/** Text of bounded length; empty only when the minimum says so. */
export const Text = (max: number, min = 1): PropertyDecorator => all(IsString(), Length(min, max));

export const Words = (max: number, most = 50): PropertyDecorator =>
  all(IsArray(), ArrayMaxSize(most), IsString({ each: true }), Length(1, max, { each: true }));

export const OneOf = (values: readonly string[]): PropertyDecorator => IsIn(values);

export const Optional = (): PropertyDecorator => IsOptional();

/** One nested part. */
export const Part = (part: () => Constructor): PropertyDecorator =>
  all(ValidateNested(), Type(part), IsPart());

/** A list of nested parts. */
export const Parts = (part: () => Constructor, size: { min?: number; max: number }): PropertyDecorator =>
  all(
    IsArray(),
    ArrayMinSize(size.min ?? 0),
    ArrayMaxSize(size.max),
    ValidateNested({ each: true }),
    Type(part),
  );

const personalFields = new WeakMap<object, Set<string>>();

/** Names, birth dates, member ids and the like: masked wherever a person looks at a message. */
export const Personal = (): PropertyDecorator => (target, property) => {
  const known = personalFields.get(target) ?? new Set();
  personalFields.set(target, known.add(String(property)));
};

/** The names of the personal fields that a contract class declares itself. */
export const personalFieldsOf = (contract: Constructor): ReadonlySet<string> =>
  personalFields.get(contract.prototype as object) ?? new Set();

function all(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (target, property) => decorators.forEach((decorate) => decorate(target, property));
}

/** `ValidateNested` alone lets a bare string through as an empty part. */
function IsPart(): PropertyDecorator {
  return (target, property) =>
    ValidateNested({ message: `${String(property)} must be an object` })(target, property);
}
