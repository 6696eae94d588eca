import { ask } from '../http.mjs';

const sigtermMostMs = 45_000;
const faultsPerMinute = 20;

/** The chain of hashes over the audit log holds. */
export const auditChainVerifies = {
  name: 'audit-chain-verifies',
  async check({ instance }) {
    const { status, body } = await ask(`${instance.services.audit.url}/verify`, { timeoutMs: 120_000 });
    if (status !== 200) return { checked: 0, violations: [`audit answered ${status} to verify`] };
    const problems = body.problems
      .slice(0, 10)
      .map(({ stream, sequence, message }) => `${stream} ${sequence}: ${message}`);
    return {
      checked: body.events,
      violations: body.verified ? [] : ['the chain does not verify', ...problems],
    };
  },
};

/** Whoever was asked to end with SIGTERM ended with 0, in time. */
export const sigtermClean = {
  name: 'sigterm-clean',
  check: async ({ book }) => ({
    checked: book.terminations.length,
    violations: book.terminations
      .filter(({ code, ms }) => code !== 0 || ms > sigtermMostMs)
      .map(({ service, code, signal, ms }) => `${service} ended with ${code ?? signal} after ${ms} ms`),
  }),
};

/** A service ends by itself only when it cannot start because its database is away. */
export const noUnaskedEnd = {
  name: 'no-unasked-end',
  isSafety: true,
  async check({ instance }) {
    const all = [...Object.values(instance.services).map((one) => one.process), instance.bank];
    const ends = all.flatMap(({ name, ends: list }) => list.map((end) => ({ name, ...end })));
    const unasked = ends.filter(({ asked, code, livedMs }) => !asked && !(code === 1 && livedMs < 60_000));
    return {
      checked: ends.length,
      violations: unasked.map(
        ({ name, at, code, signal }) => `${name} ended by itself at ${at} with ${code ?? signal}`,
      ),
    };
  },
};

/** Nothing that was said broke its contract. */
export const contractOnTheWire = {
  name: 'contract-on-the-wire',
  isSafety: true,
  check: async ({ wiretap }) => ({ checked: wiretap.seen.checked, violations: wiretap.faults }),
};

/** Nobody was given an answer that no fault excuses, and the file that came twice was refused the second time. */
export const answersAreHonest = {
  name: 'answers-are-honest',
  check: async ({ book }) => ({
    checked:
      book.files.size + book.singles.size + book.duplicateUploads.refused + book.duplicateUploads.taken,
    violations: [
      ...book.surprises,
      ...[...book.unanswered].map((key) => `${key} was never answered`),
      ...(book.duplicateUploads.taken > 0 ? ['a file was taken twice'] : []),
    ],
  }),
};

/** A run that broke nothing proves nothing. */
export const faultsHappened = {
  name: 'faults-happened',
  async check({ book, options }) {
    const done = [...book.faults.values()].reduce((sum, count) => sum + count, 0);
    const wanted = Math.floor(faultsPerMinute * options.minutes);
    return {
      checked: done,
      violations: done >= wanted ? [] : [`${done} faults, at least ${wanted} are wanted`],
    };
  },
};
