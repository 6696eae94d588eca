import { join } from 'node:path';
import { facts, serviceNames, type FactContract } from '@remitflow/contracts';
import { topologyOf } from '@remitflow/messaging';
import { asyncApi } from './async-api.ts';
import { permissions } from './broker-map.ts';
import { readDescriptions } from './descriptions.ts';
import { schemaOf, type Describe } from './json-schema.ts';
import { messageMap } from './message-map.ts';

/** Where everything that is generated stands. */
export const generatedFolder = 'docs/generated';

/** Every generated file: its path below the root, and its text. */
export function outputs(root: string): ReadonlyMap<string, string> {
  const describe = readDescriptions(join(root, 'libs', 'contracts', 'src'));
  const summaryOf = summariesBy(describe);
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  return new Map([
    ...facts.map((fact): [string, string] => [
      `${generatedFolder}/schemas/${fact.name}.json`,
      json({ ...schemaOf(fact, describe), description: summaryOf(fact) }),
    ]),
    [`${generatedFolder}/asyncapi.json`, json(asyncApi(describe, summaryOf))],
    [`${generatedFolder}/messages.md`, messageMap(summaryOf)],
    [`${generatedFolder}/topology.json`, json(topologies())],
    [`${generatedFolder}/permissions.json`, json(permissions())],
  ]);
}

/** The constant of a fact is named like its body: RequestsHeldBody, RequestsHeld. */
const summariesBy =
  (describe: Describe) =>
  ({ body }: FactContract): string =>
    describe(body.name.replace(/Body$/, '')) ?? '';

const brokerMajors = [3, 4];

const topologies = (): object =>
  Object.fromEntries(brokerMajors.map((major) => [`rabbitmq-${major}`, topologyOf(serviceNames, major)]));
