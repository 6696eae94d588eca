import { fitRequest } from './fit-request.ts';
import type { Request } from './request.ts';

/** A JSON request; what follows from its lines is added where it was not said. */
export function fromJson(raw: unknown): Request {
  const request = fitRequest(raw, 'json');
  const days = (member: 'serviceFrom' | 'serviceTo'): string[] =>
    request.lines
      .map((line) => line[member])
      .filter((day) => day !== undefined)
      .sort();
  for (const line of request.lines) {
    line.serviceTo ??= line.serviceFrom;
    line.procedureQualifier ??= 'HC';
  }
  request.frequency ??= '1';
  request.serviceFrom ??= days('serviceFrom')[0];
  request.serviceTo ??= days('serviceTo').at(-1) ?? request.serviceFrom;
  return request;
}
