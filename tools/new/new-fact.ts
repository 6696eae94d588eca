import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from './change.ts';
import { pascal, spoken } from './words.ts';
import { UsageError } from './usage.ts';

const registry = 'libs/contracts/src/registry.ts';
const sampleId = '6f0d2d3c-5d0b-5c1e-9a52-000000000001';

/** A contract, its place in the registry, and a golden sample. */
export function newFact(root: string, [type = '', speaker = '', list = '']: readonly string[]): Change {
  if (!/^[a-z]+\.[a-z-]*(ed|sent|held|paid)$/.test(type)) {
    throw new UsageError(`A fact is nouns and a verb in the past tense: payouts.released, not “${type}”.`);
  }
  const hearers = [...new Set([...list.split(',').filter(Boolean), 'audit'])];
  const known = servicesOf(root);
  const unknown = [speaker, ...hearers].filter((service) => !known.includes(service));
  if (unknown.length > 0)
    throw new UsageError(`There is no service “${unknown.join('”, “')}”: ${known.join(', ')}.`);
  const file = type.replace('.', '-');
  const name = pascal(type);
  return {
    created: {
      [`libs/contracts/src/facts/${file}.ts`]: contract(type, { speaker, hearers }),
      [`libs/contracts/golden/${type}.v1.json`]: `${JSON.stringify({ subjectId: sampleId, happenedAt: '2026-11-20T21:00:00Z' }, null, 2)}\n`,
    },
    inserted: [
      {
        path: 'libs/contracts/src/index.ts',
        before: `export * from './facts/messages.ts'`,
        text: `export * from './facts/${file}.ts';\n`,
      },
      {
        path: registry,
        before: 'import {',
        text: `import { ${name} } from './facts/${file}.ts';\n`,
      },
      { path: registry, before: '  MessagesRedriven, //', text: `  ${name}, // ${spoken(type)}\n` },
    ],
    left: [
      `Fill the body in facts/${file}.ts and the golden sample, which never changes after its release.`,
      `Put ${name} where it belongs in ${registry}: the list is the process.`,
      `Add it to says in services/${speaker}/src/messages.ts and to hears in ${hearers.filter((hearer) => hearer !== 'audit').join(', ') || 'nobody’s but audit’s'}.`,
      'npm run generate; when its body is final, npm run generate -- release: from then on the gate keeps it (docs/contracts.md).',
    ],
  };
}

const servicesOf = (root: string): string[] =>
  readdirSync(join(root, 'services')).filter((name) =>
    existsSync(join(root, 'services', name, 'package.json')),
  );

function contract(
  type: string,
  { speaker, hearers }: { speaker: string; hearers: readonly string[] },
): string {
  const name = pascal(type);
  return `import { defineFact } from '../define-fact.ts';
import { Id, Instant } from '../fields.ts';

export class ${name}Body {
  @Id() subjectId: string;
  @Instant() happenedAt: string;
}

/** Say in one sentence what has happened: ${spoken(type)}. */
export const ${name} = defineFact({
  type: '${type}',
  major: 1,
  body: ${name}Body,
  saidBy: ['${speaker}'],
  heardBy: [${hearers.map((hearer) => `'${hearer}'`).join(', ')}],
  subject: (body) => body.subjectId,
});
`;
}
