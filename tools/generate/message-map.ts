import { facts, serviceNames, type FactContract, type ServiceName } from '@remitflow/contracts';
import { brokerMap } from './broker-map.ts';

/** The picture and the table of who says what to whom, in the order in which a request meets the facts. */
export function messageMap(summaryOf: (fact: FactContract) => string): string {
  return `${[
    '# Who says what to whom',
    '',
    'Generated from the registry in [libs/contracts](../../libs/contracts/src/registry.ts) by `npm run generate`.',
    'audit hears every fact; the picture leaves it and what operators do out.',
    '',
    '```mermaid',
    ...picture(),
    '```',
    '',
    ...table(summaryOf),
    '',
    ...brokerMap(),
    '',
  ].join('\n')}`;
}

const isInPicture = (fact: FactContract): boolean => fact.saidBy.length === 1;

function picture(): string[] {
  const arrows = new Map<string, string[]>();
  for (const fact of facts.filter(isInPicture)) {
    for (const [speaker, hearer] of pairs(fact)) {
      const key = `${speaker} --> ${hearer}`;
      arrows.set(key, [...(arrows.get(key) ?? []), spoken(fact)]);
    }
  }
  return [
    'flowchart LR',
    ...serviceNames.filter((name) => name !== 'audit').map((name) => `  ${name}([${name}])`),
    ...[...arrows].map(([arrow, names]) => `  ${arrow.replace(' --> ', ` -->|${names.join('<br/>')}| `)}`),
  ];
}

/** The major is told where two of them are spoken. */
const spoken = ({ type, major }: FactContract): string =>
  facts.some((other) => other.type === type && other.major !== major) ? `${type} v${major}` : type;

const pairs = ({ saidBy, heardBy }: FactContract): [ServiceName, ServiceName][] =>
  saidBy.flatMap((speaker) =>
    heardBy
      .filter((hearer) => hearer !== 'audit')
      .map((hearer): [ServiceName, ServiceName] => [speaker, hearer]),
  );

function table(summaryOf: (fact: FactContract) => string): string[] {
  const row = (fact: FactContract): string =>
    `| [${fact.name}](schemas/${fact.name}.json) | ${summaryOf(fact)} | ${who(fact.saidBy)} | ${who(fact.heardBy)} | ${fact.items ?? ''} |`;
  return [
    '| fact | what it says | said by | heard by | bulk of |',
    '| --- | --- | --- | --- | --- |',
    ...facts.map(row),
  ];
}

const who = (names: readonly string[]): string => {
  if (names.length === 0) return 'nobody any more';
  return names.length === serviceNames.length ? 'every service' : names.join(', ');
};
