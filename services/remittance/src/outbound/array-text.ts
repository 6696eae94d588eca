/** An array of what needs no quoting (ids, numbers) as PostgreSQL reads it: a driver would quote each by itself. */
export const arrayText = (values: readonly (string | number)[]): string => `{${values.join(',')}}`;
