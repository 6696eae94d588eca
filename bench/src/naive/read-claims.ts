import { createReadStream } from 'node:fs';
import { X12parser, type FormattedSegment } from 'x12-parser';
import type { Claim, ServiceLine } from './messages.ts';

/** Claims of an 837P by npm x12-parser, as its documentation shows: one object a segment, from a stream. */
export async function* readClaims(file: string): AsyncGenerator<Claim> {
  const about: Record<string, string> = {};
  let claim: Claim | undefined;
  for await (const found of createReadStream(file).pipe(new X12parser())) {
    const segment = found as FormattedSegment;
    if (claim && (segment.name === 'HL' || segment.name === 'SE' || segment.name === 'CLM')) {
      yield claim;
      claim = undefined;
    }
    if (segment.name === 'CLM') claim = claimOf(segment, about);
    else if (claim) addTo(claim, segment);
    else remember(about, segment);
  }
  if (claim) yield claim;
}

function claimOf(segment: FormattedSegment, about: Record<string, string>): Claim {
  const known = (name: string): string => about[name] ?? '';
  return {
    claimId: at(segment, '1'),
    totalChargeCents: centsOf(segment['2']),
    facilityCode: at(segment, '5'),
    frequency: at(segment, '5-2'),
    billingNpi: known('npi'),
    billingTaxId: known('taxId'),
    memberId: known('memberId'),
    lastName: known('lastName'),
    firstName: known('firstName'),
    birthDate: known('birthDate'),
    diagnoses: [],
    lines: [],
  };
}

function addTo(claim: Claim, segment: FormattedSegment): void {
  if (segment.name === 'HI') claim.diagnoses.push(at(segment, '1-1'));
  if (segment.name === 'LX') claim.lines.push({} as ServiceLine);
  const line = claim.lines.at(-1);
  if (line) addToLine(line, segment);
}

function addToLine(line: ServiceLine, segment: FormattedSegment): void {
  if (segment.name === 'SV1') {
    line.procedure = at(segment, '1-1');
    line.chargeCents = centsOf(segment['2']);
    line.units = at(segment, '4');
  }
  if (segment.name === 'DTP' && segment['1'] === '472') line.serviceFrom = at(segment, '3');
  if (segment.name === 'REF' && segment['1'] === '6R') line.lineControl = segment['2'];
}

function remember(about: Record<string, string>, segment: FormattedSegment): void {
  const is = (name: string, qualifier: string): boolean =>
    segment.name === name && segment['1'] === qualifier;
  if (is('NM1', '85')) about['npi'] = at(segment, '9');
  if (is('REF', 'EI')) about['taxId'] = at(segment, '2');
  if (is('NM1', 'IL')) {
    about['lastName'] = at(segment, '3');
    about['firstName'] = at(segment, '4');
    about['memberId'] = at(segment, '9');
  }
  if (segment.name === 'DMG') about['birthDate'] = at(segment, '2');
}

const at = (segment: FormattedSegment, place: string, otherwise = place): string =>
  segment[place] ?? segment[otherwise] ?? '';

const centsOf = (text = '0'): number => Math.round(Number(text) * 100);
