import { compactDate } from '@remitflow/kernel';
import type { InterchangeWriter } from '../writing/interchange-writer.ts';
import { basicText } from '../writing/text.ts';
import type { Address, Party, Patient, Person } from './claim.ts';
import type { ProviderToWrite, SubscriberToWrite } from './claim-batch.ts';

type Level = { readonly level: number; readonly parent: number };

/** HL 20: loops 2000A, 2010AA and 2010AB. */
export function writeProvider(
  { provider, payTo }: ProviderToWrite,
  level: number,
  writer: InterchangeWriter,
): string {
  const npi = provider.npi ? ['XX', provider.npi] : [];
  return [
    writer.segment('HL', String(level), '', '20', '1'),
    provider.taxonomy ? writer.segment('PRV', 'BI', 'PXC', provider.taxonomy) : '',
    party(provider, { role: '85', id: npi }, writer),
    addressOf(provider.address, writer),
    provider.taxId ? writer.segment('REF', provider.taxIdQualifier ?? 'EI', provider.taxId) : '',
    payTo
      ? writer.segment('NM1', '87', payTo.entity === 'person' ? '1' : '2') + addressOf(payTo.address, writer)
      : '',
  ].join('');
}

/** HL 22: loops 2000B, 2010BA and 2010BB. */
export function writeSubscriber(
  { subscriber, patient, payer }: SubscriberToWrite,
  { level, parent }: Level,
  writer: InterchangeWriter,
): string {
  const relationship = patient ? '' : '18';
  const memberId = subscriber.memberId ? ['MI', subscriber.memberId] : [];
  const filing = ['', '', '', '', '', subscriber.filingIndicator ?? 'CI'];
  return [
    writer.segment('HL', String(level), String(parent), '22', patient ? '1' : '0'),
    writer.segment(
      'SBR',
      subscriber.payerResponsibility ?? 'P',
      relationship,
      subscriber.groupNumber,
      ...filing,
    ),
    party(subscriber, { role: 'IL', id: memberId }, writer),
    addressOf(subscriber.address, writer),
    demographics(subscriber, writer),
    writer.segment('NM1', 'PR', '2', basicText(payer.name, 60), '', '', '', '', 'PI', payer.id),
  ].join('');
}

/** HL 23: loops 2000C and 2010CA. */
export function writePatient(patient: Patient, { level, parent }: Level, writer: InterchangeWriter): string {
  return [
    writer.segment('HL', String(level), String(parent), '23', '0'),
    writer.segment('PAT', patient.relationship ?? '19'),
    party(patient, { role: 'QC', id: [] }, writer),
    addressOf(patient.address, writer),
    demographics(patient, writer),
  ].join('');
}

function party(of: Party, nm1: { role: string; id: readonly string[] }, writer: InterchangeWriter): string {
  const isPerson = of.entity === 'person';
  return writer.segment(
    'NM1',
    nm1.role,
    isPerson ? '1' : '2',
    basicText(of.name ?? '', 60),
    isPerson ? basicText(of.firstName ?? '', 35) : '',
    isPerson ? basicText(of.middleName ?? '', 25) : '',
    '',
    '',
    ...nm1.id,
  );
}

function addressOf(address: Address | undefined, writer: InterchangeWriter): string {
  if (!address) return '';
  const [line1, line2, city] = [address.line1, address.line2, address.city].map((text) =>
    basicText(text ?? '', 55),
  );
  return (
    (line1 ? writer.segment('N3', line1, line2) : '') +
    writer.segment('N4', city?.slice(0, 30), address.state, address.zip)
  );
}

const demographics = ({ birthDate, sex }: Person, writer: InterchangeWriter): string =>
  birthDate ? writer.segment('DMG', 'D8', compactDate(birthDate), sex ?? 'U') : '';
