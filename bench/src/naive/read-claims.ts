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
  return {
    claimId: segment['1']!,
    totalChargeCents: centsOf(segment['2']),
    facilityCode: segment['5-1'] ?? segment['5'] ?? '',
    frequency: segment['5-3'] ?? segment['5-2'] ?? '1',
    billingNpi: about['npi'] ?? '',
    billingTaxId: about['taxId'] ?? '',
    memberId: about['memberId'] ?? '',
    lastName: about['lastName'] ?? '',
    firstName: about['firstName'] ?? '',
    birthDate: about['birthDate'] ?? '',
    diagnoses: [],
    lines: [],
  };
}

function addTo(claim: Claim, segment: FormattedSegment): void {
  const line = claim.lines.at(-1);
  if (segment.name === 'HI') claim.diagnoses.push(segment['1-1'] ?? segment['1'] ?? '');
  if (segment.name === 'LX') claim.lines.push({} as ServiceLine);
  if (!line) return;
  if (segment.name === 'SV1') {
    line.procedure = segment['1-1'] ?? segment['1-2'] ?? '';
    line.chargeCents = centsOf(segment['2']);
    line.units = segment['4'] ?? '1';
  }
  if (segment.name === 'DTP' && segment['1'] === '472') line.serviceFrom = segment['3'] ?? '';
  if (segment.name === 'REF' && segment['1'] === '6R') line.lineControl = segment['2'];
}

function remember(about: Record<string, string>, segment: FormattedSegment): void {
  if (segment.name === 'NM1' && segment['1'] === '85') about['npi'] = segment['9'] ?? '';
  if (segment.name === 'REF' && segment['1'] === 'EI') about['taxId'] = segment['2'] ?? '';
  if (segment.name === 'NM1' && segment['1'] === 'IL') {
    about['lastName'] = segment['3'] ?? '';
    about['firstName'] = segment['4'] ?? '';
    about['memberId'] = segment['9'] ?? '';
  }
  if (segment.name === 'DMG') about['birthDate'] = segment['2'] ?? '';
}

const centsOf = (text = '0'): number => Math.round(Number(text) * 100);
