import type { Checkpoint } from '../domain/checkpoint.ts';

export type Needs = {
  chain: { checkpointsAfter(number: number, limit: number): Promise<{ checkpoint: Checkpoint }[]> };
  copies: { lastNumber(): Promise<number>; append(copies: readonly Checkpoint[]): Promise<void> };
};

/** Copies out every checkpoint that has no copy yet, a crash or an absent folder notwithstanding. */
export async function copyCheckpoints({ chain, copies }: Needs): Promise<void> {
  for (let last = await copies.lastNumber(); ;) {
    const missing = (await chain.checkpointsAfter(last, pageSize)).map(({ checkpoint }) => checkpoint);
    if (missing.length === 0) return;
    await copies.append(missing);
    last = missing.at(-1)!.number;
  }
}

const pageSize = 100;
