import { Injectable } from '@nestjs/common';

/** The edge's only way to the time; a spec puts another one in its place. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}
