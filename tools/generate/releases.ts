import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { facts as factsOfToday, type FactContract } from '@remitflow/contracts';
import { format, resolveConfig } from 'prettier';
import { releaseOf, type Release, type ReleasedFact } from './released-form.ts';

/** Where every released major of every fact stands, one file each: `requests.approved.v1.json`. */
export const releasedFolder = 'libs/contracts/released';
const goldenFolder = 'libs/contracts/golden';

export function readReleased(root: string): ReleasedFact[] {
  const folder = join(root, releasedFolder);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((file) => readJson(join(folder, file)) as ReleasedFact);
}

/** The facts of today that differ from their last release, or have none, as they would be released now. */
export function unreleased(
  root: string,
  released: readonly ReleasedFact[],
  facts: readonly FactContract[] = factsOfToday,
): ReleasedFact[] {
  return facts.flatMap((fact) => {
    const releases = released.find((one) => one.fact === fact.name)?.releases ?? [];
    const last = releases.at(-1);
    const sample = readJson(join(root, goldenFolder, `${fact.name}.json`)) as object;
    const next = releaseOf(fact, sample, `${fact.major}.${last ? minorOf(last) + 1 : 0}`);
    return last && isSame(last, next) ? [] : [{ fact: fact.name, releases: [...releases, next] }];
  });
}

export async function writeReleased(root: string, fresh: readonly ReleasedFact[]): Promise<void> {
  const style = await resolveConfig(join(root, 'package.json'));
  mkdirSync(join(root, releasedFolder), { recursive: true });
  for (const released of fresh) {
    const filepath = join(root, releasedFolder, `${released.fact}.json`);
    writeFileSync(filepath, await format(JSON.stringify(released, null, 2), { ...style, filepath }));
  }
}

const minorOf = ({ version }: Release): number => Number(version.split('.')[1]);

/** Another sample alone is no release: the old one still has to parse. */
const isSame = (one: Release, other: Release): boolean => substanceOf(one) === substanceOf(other);

const substanceOf = ({ saidBy, heardBy, items, body }: Release): string =>
  JSON.stringify({ saidBy: [...saidBy].sort(), heardBy: [...heardBy].sort(), items, body });

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8')) as unknown;
