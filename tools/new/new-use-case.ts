import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from './change.ts';
import { camel, isKebab, pascal, spoken } from './words.ts';
import { UsageError } from './usage.ts';

/** One verb in one file, with its spec. */
export function newUseCase(root: string, [service = '', name = '']: readonly string[]): Change {
  if (!existsSync(join(root, 'services', service, 'package.json')))
    throw new UsageError(`There is no service “${service}”.`);
  if (!isKebab(name) || !name.includes('-')) {
    throw new UsageError(
      `A use case is named by a verb and its object, in kebab-case: release-payment, not “${name}”.`,
    );
  }
  const folder = `services/${service}/src/use-cases`;
  return {
    created: { [`${folder}/${name}.ts`]: useCase(name), [`${folder}/${name}.spec.ts`]: spec(name) },
    left: [
      `Name in ${pascal(name)}Needs what it asks of the world; outbound/work.ts gives it.`,
      'Call it from a handler, a controller or a job in inbound/.',
    ],
  };
}

const useCase = (
  name: string,
): string => `/** What it asks of the world; the stores of outbound/work.ts fit by their shape. */
export type ${pascal(name)}Needs = {
  readonly subjects: { find(subjectId: string): Promise<string | undefined> };
};

/** To ${spoken(name)}: true when there was something to do. */
export async function ${camel(name)}({ subjects }: ${pascal(name)}Needs, subjectId: string): Promise<boolean> {
  return (await subjects.find(subjectId)) !== undefined;
}
`;

const spec = (name: string): string => `import { describe, expect, it } from '@jest/globals';
import { ${camel(name)} } from './${name}.ts';

const setup = (known: Readonly<Record<string, string>>) => ({
  subjects: { find: async (subjectId: string) => known[subjectId] },
});

describe('to ${spoken(name)}', () => {
  it('does nothing for what is not known', async () => {
    expect(await ${camel(name)}(setup({}), 'unknown')).toBe(false);
  });

  it('finds what is known', async () => {
    expect(await ${camel(name)}(setup({ known: 'yes' }), 'known')).toBe(true);
  });
});
`;
