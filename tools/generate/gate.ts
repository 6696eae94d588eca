import { faultsOf, type FactContract } from '@remitflow/contracts';
import { breaksBetween } from './compatibility.ts';
import { wholeSchemaOf, type Release, type ReleasedFact } from './released-form.ts';

/**
 * Every way in which the facts of today break with one that was released, each as one line that names the fact, the
 * place and the way out. A fact is held against all of its releases, not only the last.
 */
export function gate(released: readonly ReleasedFact[], facts: readonly FactContract[]): string[] {
  return released.flatMap(({ fact: name, releases }) => {
    const fact = facts.find((one) => one.name === name);
    if (!fact)
      return [`${name} was released and is gone: it is understood for ever, said by nobody at the end`];
    return [...contentBreaks(fact, releases), ...partyBreaks(fact, releases, facts)];
  });
}

function contentBreaks(fact: FactContract, releases: readonly Release[]): string[] {
  const found = new Set(releases.flatMap((release) => breaksWith(fact, release)));
  return [...found].map((difference) => `${fact.name}: ${difference}: say ${fact.type}.v${fact.major + 1}`);
}

function breaksWith(fact: FactContract, was: Release): string[] {
  const breaks = [
    ...breaksBetween(was.body, wholeSchemaOf(fact)),
    ...(was.items === fact.items
      ? []
      : [`halved along ${was.items ?? 'nothing'}, now ${fact.items ?? 'nothing'}`]),
    ...subjectBreaks(fact, was),
  ];
  if (breaks.length > 0) return breaks;
  return faultsOf(fact, was.sample).map((fault) => `the sample of ${was.version} is refused at ${fault}`);
}

/** The subject names the stream of the audit log that a fact belongs to. */
function subjectBreaks(fact: FactContract, { sample, subject, version }: Release): string[] {
  const now = subjectOf(fact, sample);
  return now === subject ? [] : [`the sample of ${version} was about ${subject}, is about ${now}`];
}

function subjectOf(fact: FactContract, sample: object): string {
  try {
    return fact.subject(sample);
  } catch {
    return 'nothing';
  }
}

/** Who was counted on to say it, and who to hear it. */
function partyBreaks(
  fact: FactContract,
  releases: readonly Release[],
  facts: readonly FactContract[],
): string[] {
  const isHeard = fact.heardBy.some((hearer) => hearer !== 'audit');
  const silent = (releases.at(-1)?.saidBy ?? []).filter((speaker) => !names(fact.saidBy).includes(speaker));
  const hearers = new Set(releases.flatMap(({ heardBy }) => heardBy));
  const deaf = [...hearers].filter(
    (hearer) => !names(fact.heardBy).includes(hearer) && !hearsLater(facts, fact, hearer),
  );
  return [
    ...(isHeard ? silent : []).map(
      (speaker) =>
        `${fact.name}: ${speaker} does not say it any more, but ${fact.heardBy.join(', ')} hear it: move them to a later major first`,
    ),
    ...deaf.map(
      (hearer) =>
        `${fact.name}: ${hearer} does not hear it any more, nor a later major that it becomes: what is in flight to it would be parked`,
    ),
  ];
}

const names = (services: readonly string[]): readonly string[] => services;

function hearsLater(facts: readonly FactContract[], fact: FactContract, hearer: string): boolean {
  const next = facts.find(({ upcast }) => upcast?.from.name === fact.name);
  return next !== undefined && (names(next.heardBy).includes(hearer) || hearsLater(facts, next, hearer));
}
