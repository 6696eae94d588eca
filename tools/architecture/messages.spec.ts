import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { facts, factsHeardBy, factsSaidBy, serviceNames, type FactContract } from '@remitflow/contracts';
import { platformFacts } from '@remitflow/messaging';
import { root } from './workspace.ts';

type Messages = { readonly hears: readonly FactContract[]; readonly says: readonly FactContract[] };

async function messagesOf(service: string): Promise<Messages> {
  const file = join(root, 'services', service, 'src', 'messages.ts');
  if (!existsSync(file)) return { hears: [], says: [] };
  return (await import(pathToFileURL(file).href)) as Messages;
}

const names = (some: readonly FactContract[]): string[] => some.map(({ name }) => name).sort();
const own = (some: readonly FactContract[]): FactContract[] =>
  some.filter((fact) => !platformFacts.some(({ name }) => name === fact.name));

describe('what services say and hear', () => {
  it.each(serviceNames)('%s hears what the registry lets it hear', async (service) => {
    expect(names((await messagesOf(service)).hears)).toEqual(names(factsHeardBy(service)));
  });

  it.each(serviceNames)('%s says what the registry lets it say', async (service) => {
    expect(names(own((await messagesOf(service)).says))).toEqual(names(own(factsSaidBy(service))));
  });

  it('has one speaker a fact, the platform’s own excepted, and none for a major that is over', () => {
    const isOver = (fact: FactContract): boolean => facts.some(({ upcast }) => upcast?.from === fact);
    const odd = own(facts).filter(
      (fact) => fact.saidBy.length !== 1 && !(fact.saidBy.length === 0 && isOver(fact)),
    );
    expect(odd).toEqual([]);
  });
});
