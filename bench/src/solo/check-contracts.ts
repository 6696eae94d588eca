import {
  checkFact,
  faultsOf,
  RequestsApproved,
  RequestsSubmitted,
  type FactContract,
} from '@remitflow/contracts';
import { decidedRequest, submittedRequest } from './requests.ts';

export type ContractFigures = {
  readonly submittedMicros: number;
  readonly approvedMicros: number;
  /** The same message by class-validator, which names the fault once there is one. */
  readonly classValidatorMicros: number;
};

/** Microseconds of a processor a claim to check bulk messages of 500, once the code is warm. */
export function checkContracts(claims: number): ContractFigures {
  const submissionId = '00000000-0000-4000-8000-000000000001';
  const numbers = Array.from({ length: bulk }, (_, number) => number);
  const submitted = {
    submissionId,
    part: 1,
    receivedOn: '2026-11-20',
    requests: numbers.map(submittedRequest),
  };
  const approved = { submissionId, requests: numbers.map(decidedRequest) };
  const rounds = Math.max(1, Math.ceil(claims / bulk));
  return {
    submittedMicros: microsOf(rounds, () => checkFact(RequestsSubmitted, submitted)),
    approvedMicros: microsOf(rounds, () => checkFact(RequestsApproved, approved)),
    classValidatorMicros: microsOf(Math.max(1, rounds >> 3), () => mustHold(RequestsSubmitted, submitted)),
  };
}

const bulk = 500;

function microsOf(rounds: number, check: () => unknown): number {
  for (let round = 0; round < Math.min(20, rounds); round += 1) check();
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) check();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (rounds * bulk);
}

function mustHold(contract: FactContract, body: object): void {
  const [fault] = faultsOf(contract, body);
  if (fault) throw new Error(`the benchmark's own message breaks the contract at ${fault}`);
}
