import type { RequestsSubmittedBody } from '@remitflow/contracts';
import { plainDate, RetryLater } from '@remitflow/kernel';
import type { Outbox } from '@remitflow/messaging';
import { billOf } from '../domain/bill.ts';
import type { Decision } from '../domain/decision.ts';
import { duplicateOf, judge, type Policy } from '../domain/judge.ts';
import type { Payee } from '../domain/payee.ts';
import type { TakenBill } from '../domain/taken-bill.ts';
import type { Said } from '../messages.ts';
import { sayDecisions } from './say-decisions.ts';
import { toPaymentRequest } from './to-payment-request.ts';

export type Needs = {
  payees: {
    forNpis(npis: readonly string[], procedures: readonly string[]): Promise<ReadonlyMap<string, Payee>>;
  };
  bills: { take(bills: readonly TakenBill[]): Promise<ReadonlyMap<string, TakenBill>> };
  decisions: {
    alreadyDecided(requestIds: readonly string[]): Promise<ReadonlySet<string>>;
    record(decisions: readonly Decision[]): Promise<number>;
  };
  outbox: Outbox<Said>;
};

/** Judges, prices and records the requests of one message, and says what became of each. */
export async function judgeRequests(
  needs: Needs,
  body: RequestsSubmittedBody,
  policy: Policy,
): Promise<void> {
  const decisions = await judgeNew(needs, body, policy);
  if (decisions.length === 0) return;
  const settled = rejectDuplicates(decisions, await takeBills(needs, decisions));
  if ((await needs.decisions.record(settled)) < settled.length) throw new RetryLater('decision.raced');
  sayDecisions(needs.outbox, body.submissionId, settled);
}

async function judgeNew(
  { payees, decisions }: Needs,
  { submissionId, receivedOn, requests }: RequestsSubmittedBody,
  policy: Policy,
): Promise<Decision[]> {
  const old = await decisions.alreadyDecided(requests.map(({ requestId }) => requestId));
  const news = requests.filter(({ requestId }) => !old.has(requestId)).map(toPaymentRequest);
  const npis = new Set(news.map(({ billingProvider }) => billingProvider.npi ?? ''));
  const procedures = news.flatMap(({ lines }) =>
    lines.map((line) => line.procedure ?? line.revenueCode ?? ''),
  );
  const known = await payees.forNpis([...npis], [...new Set(procedures)]);
  return news.map((request) => {
    const { requestId, claimId, billedCents } = request;
    const payee = known.get(request.billingProvider.npi ?? '');
    const verdict = judge(request, { receivedOn: plainDate(receivedOn), payee }, policy);
    const decision = { findings: [], ...verdict, requestId, submissionId, claimId, billedCents };
    return verdict.outcome === 'rejected' ? decision : { ...decision, bill: billOf(request) };
  });
}

/** Who had each bill first: an earlier request, or the first of this message that has it. */
async function takeBills(
  { bills }: Needs,
  decisions: readonly Decision[],
): Promise<ReadonlyMap<string, TakenBill>> {
  const here = new Map<string, TakenBill>();
  for (const { bill, requestId, submissionId, claimId } of decisions) {
    if (bill !== undefined && !here.has(bill)) here.set(bill, { bill, requestId, submissionId, claimId });
  }
  if (here.size === 0) return here;
  const earlier = await bills.take([...here.values()]);
  return new Map([...here, ...earlier]);
}

function rejectDuplicates(
  decisions: readonly Decision[],
  firsts: ReadonlyMap<string, TakenBill>,
): Decision[] {
  return decisions.map(({ decided, bill, ...decision }) => {
    const first = bill === undefined ? undefined : firsts.get(bill);
    if (!first || first.requestId === decision.requestId) return { ...decision, decided, bill };
    return { ...decision, outcome: 'rejected', findings: [duplicateOf(first)] };
  });
}
