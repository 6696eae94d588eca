import {
  answersAreHonest,
  auditChainVerifies,
  contractOnTheWire,
  faultsHappened,
  noUnaskedEnd,
  sigtermClean,
} from './answers.mjs';
import { deadLettersAreThePoison } from './dead-letters.mjs';
import { drained } from './drained.mjs';
import { neverPaidTwice, paidExactlyOnce, sumsBalance } from './money.mjs';
import { acceptedHasOneEnd } from './requests.mjs';
import { auditComplete, eachSaidHeardOnce } from './said-and-heard.mjs';
import { readyMeansConsuming, rssBounded } from './samples.mjs';

/** What must hold whatever happens. Those with `isSafety` are looked at while things are being broken, all of them afterwards. */
export const invariants = [
  paidExactlyOnce,
  neverPaidTwice,
  sumsBalance,
  acceptedHasOneEnd,
  eachSaidHeardOnce,
  auditComplete,
  deadLettersAreThePoison,
  auditChainVerifies,
  drained,
  readyMeansConsuming,
  rssBounded,
  contractOnTheWire,
  sigtermClean,
  noUnaskedEnd,
  answersAreHonest,
  faultsHappened,
];

/** `{name: {checked, violations}}` with the evidence beside it; an invariant that cannot be looked at is violated. */
export async function checkAll(world, list = invariants) {
  const verdicts = {};
  for (const { name, check } of list) {
    try {
      verdicts[name] = await check(world);
    } catch (error) {
      verdicts[name] = { checked: 0, violations: [`could not be looked at: ${error.message}`] };
    }
  }
  return verdicts;
}
