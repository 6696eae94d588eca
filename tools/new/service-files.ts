import { pascal } from './words.ts';

/** Every file of a new service, by its path in the service. `manifest` is the package.json of another one. */
export const serviceFiles = (name: string, manifest: string): Readonly<Record<string, string>> => ({
  'package.json': manifestFor(name, manifest),
  'README.md': readme(name),
  'src/main.ts': main(name),
  [`src/${name}.module.ts`]: moduleFile(name),
  'src/config.ts': config(name),
  'src/messages.ts': messages(name),
  'src/domain/entry.ts': domain,
  'src/domain/entry.spec.ts': domainSpec,
  'src/use-cases/add-entry.ts': useCase,
  'src/outbound/entry.store.ts': store,
  'src/outbound/work.ts': work(name),
  'src/inbound/entries.controller.ts': controller,
  'src/migrations/0001-create-entries.sql': migration,
});

function manifestFor(name: string, manifest: string): string {
  const { dependencies, ...rest } = JSON.parse(
    manifest.replaceAll('services/audit', `services/${name}`),
  ) as Manifest;
  return `${JSON.stringify({ ...rest, name: `@remitflow/${name}`, dependencies: needed(dependencies) }, null, 2)}\n`;
}

type Manifest = { readonly name: string; readonly dependencies: Readonly<Record<string, string>> };

const needed = (dependencies: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(dependencies).filter(([name]) => !['@nestjs/microservices', 'typeorm'].includes(name)),
  );

const readme = (name: string): string => `# ${name}

Say in one sentence what ${name} is there for.

|         |                                             |
| ------- | ------------------------------------------- |
| decides | whether an entry is worth keeping           |
| hears   | nothing yet                                 |
| says    | nothing yet                                 |
| owns    | entries                                     |
| knobs   | what every service has ([config](src/config.ts)) |
`;

const main = (name: string): string => `import { start } from '@remitflow/service';
import { ${name}, ${pascal(name)}Module } from './${name}.module.ts';

await start({ definition: ${name}, module: ${pascal(name)}Module });
`;

const moduleFile = (name: string): string => `import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { defineService } from '@remitflow/service';
import { ${pascal(name)}Config } from './config.ts';
import { EntriesController } from './inbound/entries.controller.ts';
import { hears, says } from './messages.ts';

export const ${name} = defineService({
  name: '${name}',
  hears,
  says,
  config: ${pascal(name)}Config,
  migrations: join(import.meta.dirname, 'migrations'),
});

@Module({ controllers: [EntriesController] })
export class ${pascal(name)}Module {}
`;

const config = (name: string): string => `import { ServiceConfig } from '@remitflow/service';

/** Everything ${name} can be told from outside. */
export class ${pascal(name)}Config extends ServiceConfig {}
`;

const messages = (name: string): string => `/** What ${name} hears … */
export const hears = [] as const;

/** … and what it says. */
export const says = [] as const;
`;

const domain = `export type Entry = { readonly entryId: string; readonly text: string };

/** Whether an entry says anything. */
export const isWorthKeeping = ({ text }: Entry): boolean => text.trim() !== '';
`;

const domainSpec = `import { describe, expect, it } from '@jest/globals';
import { isWorthKeeping } from './entry.ts';

describe('an entry', () => {
  it.each([
    ['with a word', 'word', true],
    ['of blanks', '  ', false],
  ])('%s', (_, text, kept) => {
    expect(isWorthKeeping({ entryId: '1', text })).toBe(kept);
  });
});
`;

const useCase = `import { ok, refuse, type Result } from '@remitflow/kernel';
import { isWorthKeeping, type Entry } from '../domain/entry.ts';

export type AddEntryNeeds = { readonly entries: { add(entry: Entry): Promise<void> } };

/** Keeps an entry; an empty one is refused. Adding one again changes nothing. */
export async function addEntry({ entries }: AddEntryNeeds, entry: Entry): Promise<Result<Entry, 'empty'>> {
  if (!isWorthKeeping(entry)) return refuse('empty' as const);
  await entries.add(entry);
  return ok(entry);
}
`;

const store = `import type { Transaction } from '@remitflow/persistence';
import type { Entry } from '../domain/entry.ts';

export class EntryStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** An entry that is known is left alone. */
  async add({ entryId, text }: Entry): Promise<void> {
    await this.#tx.execute(
      \`insert into entries (entry_id, entry_text) values ($1, $2) on conflict (entry_id) do nothing\`,
      [entryId, text],
    );
  }
}
`;

const work = (name: string): string => `import type { Unit } from '@remitflow/messaging';
import { EntryStore } from './entry.store.ts';

/** What one piece of ${name}'s work is done with; everything here shares one transaction. */
export type Work = { readonly entries: EntryStore };

export const openWork = ({ tx }: Unit): Work => ({ entries: new EntryStore(tx) });
`;

const controller = `import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CannotProceed } from '@remitflow/kernel';
import { MessagingRuntime } from '@remitflow/messaging';
import { IsUUID, MaxLength } from 'class-validator';
import { openWork } from '../outbound/work.ts';
import { addEntry } from '../use-cases/add-entry.ts';

export class NewEntry {
  @IsUUID() entryId: string;
  @MaxLength(1000) text: string;
}

@ApiTags('entries')
@Controller('entries')
export class EntriesController {
  constructor(private readonly runtime: MessagingRuntime) {}

  @Post()
  @ApiOperation({ summary: 'Keeps an entry; the same one again changes nothing.' })
  async add(@Body() entry: NewEntry): Promise<{ entryId: string }> {
    const result = await this.runtime.work((unit) => addEntry(openWork(unit), entry));
    if (!result.ok) throw new CannotProceed('entry.empty', { entryId: entry.entryId });
    return { entryId: entry.entryId };
  }
}
`;

const migration = `create table entries (
  entry_id uuid primary key,
  entry_text text not null
);
`;
