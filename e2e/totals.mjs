import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/**
 * What the files of a round came to, asked of the services. Which of two duplicates came first is left to chance, so claims are known
 * by their number alone.
 */
export async function totalsOf(ask, { submissionIds, cycles, remitted }) {
  const reports = await Promise.all(submissionIds.map((id) => ask('intake', `/submissions/${id}/report`)));
  const added = (kind) =>
    reports.reduce((sum, report) => {
      for (const [name, count] of Object.entries(report[kind])) sum[name] = (sum[name] ?? 0) + count;
      return sum;
    }, {});
  const details = await Promise.all(cycles.map(({ cycleId }) => ask('payout', `/cycles/${cycleId}`)));
  const advices = remitted.flatMap(({ files }) => files).map((file) => readFileSync(file, 'utf8'));
  const explained = advices.flatMap(claimsIn).sort();
  return {
    requests: added('counts'),
    cents: added('cents'),
    rejections: digest(
      reports
        .flatMap(({ rejections }) => rejections.map((one) => `${numberOf(one.claimId)} ${one.ruleId}`))
        .sort(),
    ),
    payments: details.reduce((sum, one) => sum + one.payments, 0),
    paidRequests: details.reduce((sum, one) => sum + one.requests, 0),
    paidCents: details.reduce((sum, one) => sum + one.paidCents, 0),
    remittances: advices.length,
    explainedClaims: explained.length,
    explainedTwice: explained.length - new Set(explained.map((one) => one.split(' ')[0])).size,
    explained: digest(explained),
  };
}

/** D1-17 and X2-17 are both 17. */
const numberOf = (claimId) => claimId.replace(/^[A-Z]\d+-/, '');

/** Number, status, charge and payment of every claim in an 835. */
const claimsIn = (text) =>
  [...text.matchAll(/(?:^|~)\s*CLP\*([^*]*)\*([^*]*)\*([^*]*)\*([^*]*)\*/g)].map(
    ([, claimId, status, charge, paid]) => `${numberOf(claimId)} ${status} ${charge} ${paid}`,
  );

const digest = (lines) => createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);

/** Where two totals are not the same, in words. */
export const differences = (one, other, path = '') =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((key) => {
    const [a, b] = [one[key], other[key]];
    if (a === b) return [];
    if (typeof a === 'object' && typeof b === 'object') return differences(a, b, `${path}${key}.`);
    return [`${path}${key}: ${a} with one process of each, ${b} with several`];
  });
