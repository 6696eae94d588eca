import {
  packedPlacesOf,
  unpackPlaces,
  type Claim837,
  type Location,
  type PackedPlaces,
} from '@remitflow/x12';

/** Where something stood, in the words of its format: X12 by loop, segment and element, CSV by line and column. */
export type Located = {
  readonly byteOffset: number;
  readonly loop?: string;
  readonly segment?: string;
  readonly segmentOrdinal?: number;
  readonly element?: number;
  readonly component?: number;
  readonly line?: number;
  readonly column?: string;
};

/** Loop, segment, ordinal, element, component, byte offset: the order in which a fault's place is kept. */
type PackedPlace = readonly [string, string, number, number, number, number];

/** By member of the request (`lines.0.procedure`), or by `!code` for a fault that belongs to none. */
export type X12Places = Readonly<Record<string, PackedPlace>>;

/** Line and byte offset of each row of a claim. */
export type CsvPlaces = { readonly rows: readonly (readonly [line: number, byteOffset: number])[] };

/** What a claim keeps of its places: numbers as the reader packs them, and those of its faults, if it has any. */
export type ClaimPlaces =
  | PackedPlaces
  | { readonly packed: PackedPlaces; readonly faults: X12Places }
  /** As they were kept once. */
  | X12Places;

export function packClaimPlaces(claim: Claim837, faults: ReadonlyMap<string, Location>): ClaimPlaces {
  const packed = packedPlacesOf(claim);
  if (faults.size === 0) return packed;
  return {
    packed,
    faults: Object.fromEntries([...faults].map(([field, place]) => [field, packFault(place)])),
  };
}

/** By member of the request, or by `!code`. */
export function unpackClaimPlaces(places: ClaimPlaces | undefined): Readonly<Record<string, Located>> {
  if (places === undefined) return {};
  if (Array.isArray(places)) return unpackNumbers(places as PackedPlaces);
  if (!('packed' in places)) return unpackEach(places as X12Places);
  const { packed, faults } = places as Exclude<ClaimPlaces, PackedPlaces | X12Places>;
  return { ...unpackNumbers(packed), ...unpackEach(faults) };
}

const unpackNumbers = (packed: PackedPlaces): Record<string, Located> =>
  Object.fromEntries(
    Object.entries(unpackPlaces(packed)).flatMap(([field, place]) =>
      place ? [[memberOf(field), located(place)]] : [],
    ),
  );

const unpackEach = (places: X12Places): Record<string, Located> =>
  Object.fromEntries(Object.entries(places).map(([field, place]) => [field, unpackFault(place)]));

/** A finding's place: that of its field, of the nearest thing to it, or of the request as a whole. */
export function locate(
  from: { places: unknown; byteOffset: number; ordinal?: number; kind: string },
  finding: { field?: string; ruleId: string },
): Located {
  const { places, byteOffset, ordinal, kind } = from;
  if (kind === 'csv') return locateInCsv(places as CsvPlaces | undefined, byteOffset, finding.field);
  if (kind === 'json') return { byteOffset };
  const known = unpackClaimPlaces(places as ClaimPlaces | undefined);
  const place = candidates(known, finding).find((name) => known[name] !== undefined);
  if (place !== undefined) return known[place]!;
  return {
    byteOffset,
    loop: '2300',
    segment: 'CLM',
    ...(ordinal === undefined ? {} : { segmentOrdinal: ordinal }),
  };
}

function candidates(known: object, { field = '', ruleId }: { field?: string; ruleId: string }): string[] {
  const byCode = Object.keys(known).filter((name) => name.startsWith('!') && ruleId.endsWith(name.slice(1)));
  const line = /^lines\.\d+/.exec(field)?.[0];
  return [
    field,
    ...byCode,
    ...(nearest[field] ?? []),
    ...(line ? [`${line}.chargeCents`, `${line}.procedure`] : []),
    ...(field.startsWith('billingProvider') ? ['billingProvider.npi'] : []),
    ...(field.startsWith('subscriber') || field.startsWith('patient') ? ['subscriber.memberId'] : []),
    'claimId',
  ];
}

const nearest: Readonly<Record<string, readonly string[]>> = {
  serviceFrom: ['lines.0.serviceFrom'],
  serviceTo: ['lines.0.serviceFrom'],
  lines: ['lines.0.procedure'],
  originalReference: ['frequency'],
  facilityCode: ['frequency'],
};

function locateInCsv(places: CsvPlaces | undefined, byteOffset: number, field = ''): Located {
  const [line, column] = csvCellOf(field);
  const row = places?.rows[line] ?? places?.rows[0];
  const located: Located = row ? { line: row[0], byteOffset: row[1] } : { byteOffset };
  return column === undefined ? located : { ...located, column };
}

function csvCellOf(field: string): [line: number, column: string | undefined] {
  const [, line, member] = /^lines\.(\d+)\.?(\w*)/.exec(field) ?? [];
  return line === undefined ? [0, csvColumnOf[field]] : [Number(line), csvColumnOf[`lines.${member}`]];
}

const csvColumnOf: Readonly<Record<string, string>> = {
  claimId: 'claim_id',
  frequency: 'frequency',
  'billingProvider.npi': 'npi',
  'billingProvider.taxId': 'tax_id',
  'subscriber.memberId': 'member_id',
  'subscriber.lastName': 'last_name',
  'subscriber.firstName': 'first_name',
  'subscriber.birthDate': 'birth_date',
  payerId: 'payer_id',
  diagnoses: 'diagnoses',
  billedCents: 'charge',
  facilityCode: 'place_of_service',
  serviceFrom: 'service_from',
  serviceTo: 'service_to',
  'lines.serviceFrom': 'service_from',
  'lines.serviceTo': 'service_to',
  'lines.procedure': 'procedure',
  'lines.modifiers': 'modifiers',
  'lines.chargeCents': 'charge',
  'lines.units': 'units',
  'lines.placeOfService': 'place_of_service',
};

/** The reader counts lines from 1; paths into a request count from 0. */
const memberOf = (field: string): string =>
  field === 'totalChargeCents'
    ? 'billedCents'
    : field.replace(/^lines\.(\d+)/, (_, line: string) => `lines.${Number(line) - 1}`);

const located = ({ byteOffset, ordinal, loop, segment, element, component }: Location): Located => ({
  byteOffset,
  ...(loop ? { loop } : {}),
  ...(segment ? { segment } : {}),
  ...(ordinal ? { segmentOrdinal: ordinal } : {}),
  ...(element ? { element } : {}),
  ...(component ? { component } : {}),
});

const packFault = (place: Location): PackedPlace => [
  place.loop ?? '',
  place.segment ?? '',
  place.ordinal ?? 0,
  place.element ?? 0,
  place.component ?? 0,
  place.byteOffset,
];

const unpackFault = ([loop, segment, ordinal, element, component, byteOffset]: PackedPlace): Located =>
  located({ loop, segment, ordinal, element, component, byteOffset });
