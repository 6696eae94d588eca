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
  all(IsObject(), ValidateNested(), Type(part));

/** A list of nested parts. */
export const Parts = (part: () => Constructor, size: { min?: number; max: number }): PropertyDecorator =>
  all(
    IsArray(),
    ArrayMinSize(size.min ?? 0),
    ArrayMaxSize(size.max),
    ValidateNested({ each: true }),
    Type(part),
  );

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
