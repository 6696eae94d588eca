import { Day, Optional, Personal, Text } from '../fields.ts';

/** A member or patient as the claim names them. */
export class Person {
  @Optional() @Personal() @Text(80) memberId?: string;
  @Optional() @Personal() @Text(60) lastName?: string;
  @Optional() @Personal() @Text(35) firstName?: string;
  @Optional() @Personal() @Text(25) middleName?: string;
  @Optional() @Personal() @Day() birthDate?: string;
}
