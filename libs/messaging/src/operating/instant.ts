/** SQL for a time as ISO 8601 in UTC to the microsecond, so that it can be compared with what the database wrote. */
export const instant = (expression: string): string =>
  `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
