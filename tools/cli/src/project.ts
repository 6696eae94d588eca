import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { stateFolder } from '@remitflow/servers';

/** The root of the checkout: the folder that holds nx.json. */
export const projectRoot: string = findRoot();

export type StatePaths = {
  readonly state: string;
  readonly logs: string;
  /** Raw submissions, bank files, 835s: what the services keep on disk. */
  readonly rawFiles: string;
  readonly railOutbox: string;
  readonly railInbox: string;
  readonly bank: string;
  readonly remittances: string;
  readonly checkpoints: string;
  readonly demo: string;
};

export function statePaths(environment: NodeJS.ProcessEnv = process.env): StatePaths {
  const state = stateFolder(environment);
  const kept = (name: string): string => join(state, 'files', name);
  return {
    state,
    logs: join(state, 'logs'),
    rawFiles: kept('submissions'),
    railOutbox: kept('bank-outbox'),
    railInbox: kept('bank-inbox'),
    bank: kept('bank'),
    remittances: kept('remittances'),
    checkpoints: kept('audit-checkpoints'),
    demo: kept('demo'),
  };
}

/** A path as people want to read it: from the folder they are in, when it is below. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}

function findRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'nx.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('not inside a remitflow checkout');
    folder = parent;
  }
  return folder;
}
