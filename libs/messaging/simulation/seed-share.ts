import type { SeedRange } from './seeds.ts';

/** Seeds that every run of the tests plays. */
export const seedsDefault = 10_000;

/** Every second seed of how many are asked for: two specs play them, each in a worker of its own. */
export function seedShare(share: 0 | 1, asked: { count?: string; first?: string }): SeedRange {
  const count = Number(asked.count ?? seedsDefault);
  return { first: Number(asked.first ?? 0) + share, count: Math.ceil((count - share) / 2), step: 2 };
}
