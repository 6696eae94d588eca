/** The parts of a W3C `traceparent`, level 1 and later ones read as it. */
export type TraceParent = { readonly traceId: string; readonly spanId: string; readonly flags: number };

/** Undefined for anything that is not one: it is somebody else's header, and decides nothing. */
export function parseTraceParent(text: string | undefined): TraceParent | undefined {
  const parts = form.exec(text ?? '')?.groups;
  if (!parts || parts['version'] === 'ff' || (parts['version'] === '00' && parts['rest'])) return undefined;
  const [traceId, spanId] = [parts['trace']!, parts['span']!];
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, flags: parseInt(parts['flags']!, 16) };
}

const form =
  /^(?<version>[0-9a-f]{2})-(?<trace>[0-9a-f]{32})-(?<span>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<rest>-.{0,60})?$/;

/** As it is stored and sent: 55 characters, whatever came. */
export const writeTraceParent = ({ traceId, spanId, flags }: TraceParent): string =>
  `00-${traceId}-${spanId}-${(flags & 1).toString(16).padStart(2, '0')}`;
