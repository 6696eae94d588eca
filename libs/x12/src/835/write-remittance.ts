import {
  BrokenInvariant,
  CannotProceed,
  cents,
  compactDate,
  formatDollars,
  plainDate,
  type PlainDate,
} from '@remitflow/kernel';
import type { Address } from '../837/claim.ts';
import { InterchangeWriter, type OutgoingEnvelope } from '../writing/interchange-writer.ts';
import { inPieces } from '../writing/pieces.ts';
import { basicText } from '../writing/text.ts';
import { balanceProblems, claimProblems, paymentProblems, type BalanceProblem } from './balance.ts';
import type { ProviderAdjustment, RemittanceAdvice, StreamedAdvice } from './remittance.ts';
import { writeClaimPayment } from './write-claim-payment.ts';

/** The 835 implementation written: GS08. */
export const remittanceVersion = '005010X221A1';

/** Writes one 835 in an interchange of its own, piece by piece. Refuses like {@link writeRemittances}. */
export const writeRemittance = (advice: RemittanceAdvice, envelope: OutgoingEnvelope): Generator<string> =>
  writeRemittances([advice], envelope);

/**
 * Writes several 835 sets in one interchange. Throws before the first piece of a set: `remittance.unbalanced`
 * (BrokenInvariant) when any level does not add up, `remittance.incomplete` (CannotProceed) when something the guide
 * requires is missing, `x12.delimiter-in-text` when an id holds a delimiter.
 */
export const writeRemittances = (
  advices: Iterable<RemittanceAdvice>,
  envelope: OutgoingEnvelope,
): Generator<string> => inPieces(remittanceParts(advices, envelope));

function* remittanceParts(
  advices: Iterable<RemittanceAdvice>,
  envelope: OutgoingEnvelope,
): Generator<string> {
  const writer = new InterchangeWriter(envelope, { id: 'HP', version: remittanceVersion });
  yield writer.open();
  for (const advice of advices) {
    refuse(balanceProblems(advice));
    yield header(advice, writer);
    if (advice.claims.length > 0) yield writer.segment('LX', '1');
    for (const claim of advice.claims) yield writeClaimPayment(claim, writer);
    yield providerAdjustments(advice, writer) + writer.closeTransaction();
  }
  yield writer.close();
}

/**
 * Writes one 835 of which no more than a claim is in memory, in an interchange of its own. What does not add up is known
 * only when its claims have come: the pieces written until it throws (`remittance.unbalanced`) are of no use. A piece is a
 * claim, and the next claim is asked for when its piece has been taken.
 */
export async function* streamRemittance(
  advice: StreamedAdvice,
  envelope: OutgoingEnvelope,
): AsyncGenerator<string> {
  const writer = new InterchangeWriter(envelope, { id: 'HP', version: remittanceVersion });
  yield writer.open() + header(advice, writer);
  let claims = 0;
  let paid = cents(0);
  for await (const claim of advice.claims) {
    claims += 1;
    const [wrong] = claimProblems(claim);
    if (wrong) refuse([{ ...wrong, claim: claims }]);
    paid = cents(paid + claim.paidCents);
    if (claims === 1) yield writer.segment('LX', '1');
    yield writeClaimPayment(claim, writer);
  }
  refuse(paymentProblems(advice, paid));
  yield providerAdjustments(advice, writer) + writer.closeTransaction() + writer.close();
}

function refuse([first]: readonly BalanceProblem[]): void {
  if (!first) return;
  const { code, claim, line, statedCents, computedCents } = first;
  throw new BrokenInvariant('remittance.unbalanced', {
    problem: code,
    claim,
    line,
    statedCents,
    computedCents,
  });
}

/** What an 835 says beside its claims. */
type Frame = Omit<RemittanceAdvice, 'claims'>;

function header(advice: Frame, writer: InterchangeWriter): string {
  const { payer, payee } = advice;
  const contact = required(payer.contact, 'payer.contact');
  return [
    writer.openTransaction('835'),
    writer.segment('BPR', ...payment(advice)),
    writer.segment('TRN', '1', required(advice.traceNumber, 'traceNumber'), companyId(advice)),
    advice.productionDate ? writer.segment('DTM', '405', compactDate(advice.productionDate)) : '',
    writer.segment('N1', 'PR', required(basicText(payer.name, 60), 'payer.name')),
    address(required(payer.address, 'payer.address'), writer),
    writer.segment('PER', 'BL', basicText(contact.name, 60), 'TE', contact.phone.replace(/\D/g, '')),
    ...payeeSegments(payee, writer),
  ].join('');
}

function payeeSegments(payee: Frame['payee'], writer: InterchangeWriter): readonly string[] {
  const name = required(basicText(payee.name, 60), 'payee.name');
  const id = payee.npi ? ['XX', payee.npi] : ['FI', required(payee.taxId, 'payee.taxId')];
  return [
    writer.segment('N1', 'PE', name, ...id),
    payee.address ? address(payee.address, writer) : '',
    payee.npi && payee.taxId ? writer.segment('REF', 'TJ', payee.taxId) : '',
  ];
}

/** BPR: I and ACH when money moves by CCD+, H and NON when none does. */
function payment(advice: Frame): readonly (string | undefined)[] {
  const amount = formatDollars(advice.amountCents);
  const date = compactDate(advice.effectiveDate);
  if (advice.amountCents === 0) return ['H', '0', 'C', 'NON', ...empty(11), date];
  if (advice.method !== 'ACH') throw new CannotProceed('remittance.method', { method: advice.method });
  const from = required(advice.payerAccount, 'payerAccount');
  const to = required(advice.payeeAccount, 'payeeAccount');
  const origin = ['01', from.routing, 'DA', from.account, companyId(advice), undefined];
  const receiver = ['01', to.routing, to.accountType === 'savings' ? 'SG' : 'DA', to.account];
  return ['I', amount, 'C', 'ACH', 'CCP', ...origin, ...receiver, date];
}

/** BPR10 and TRN03: 1 and the payer's nine-digit tax id. */
function companyId({ payerTaxId }: Frame): string {
  if (!/^\d{9}$/.test(payerTaxId)) throw new CannotProceed('remittance.incomplete', { field: 'payerTaxId' });
  return `1${payerTaxId}`;
}

function address(place: Address, writer: InterchangeWriter): string {
  const [line1, line2, city] = [place.line1, place.line2, place.city].map((text) =>
    basicText(text ?? '', 55),
  );
  return (
    (line1 ? writer.segment('N3', line1, line2) : '') +
    writer.segment('N4', city?.slice(0, 30), place.state, place.zip?.replace(/\D/g, ''))
  );
}

/** PLB: up to six reason-amount pairs a segment, one provider and fiscal period each. */
function providerAdjustments(advice: Frame, writer: InterchangeWriter): string {
  const groups = new Map<string, { provider: string; period: PlainDate; pairs: ProviderAdjustment[] }>();
  for (const adjustment of advice.providerAdjustments) {
    const provider = required(adjustment.providerId ?? advice.payee.npi ?? advice.payee.taxId, 'payee.npi');
    const period = adjustment.fiscalPeriod ?? plainDate(`${advice.effectiveDate.slice(0, 4)}-12-31`);
    const key = `${provider} ${period}`;
    const group = groups.get(key) ?? { provider, period, pairs: [] };
    group.pairs.push(adjustment);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => providerSegments(group, writer)).join('');
}

function providerSegments(
  group: { provider: string; period: PlainDate; pairs: readonly ProviderAdjustment[] },
  writer: InterchangeWriter,
): string {
  let written = '';
  for (let start = 0; start < group.pairs.length; start += tripletsMax) {
    const pairs = group.pairs
      .slice(start, start + tripletsMax)
      .flatMap(({ reason, reference, amountCents }) => [[reason, reference], formatDollars(amountCents)]);
    written += writer.segment('PLB', group.provider, compactDate(group.period), ...pairs);
  }
  return written;
}

function required<T>(value: T | undefined, field: string): T {
  if (value !== undefined && value !== '') return value;
  throw new CannotProceed('remittance.incomplete', { field });
}

const empty = (count: number): undefined[] => new Array<undefined>(count).fill(undefined);

/** CAS and PLB hold six at most. */
const tripletsMax = 6;
