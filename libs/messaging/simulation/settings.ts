import { defaultSettings, type RuntimeSettings } from '../src/core/settings.ts';

/** Shorter waits and smaller windows than in production, so that a short scenario meets them all. */
export const simulationSettings: RuntimeSettings = {
  ...defaultSettings,
  receiptTimeoutMs: 3_000,
  receiptEveryMs: 700,
  receiptIdsMax: 6,
  pollMs: 1_500,
  confirmTimeoutMs: 4_000,
  returnedWaitMs: 1_000,
  windowMax: 6,
  prefetch: 4,
  lightBytesMax: 160,
  topologyEveryMs: 3_000,
  leadershipCheckMs: 1_500,
  leaseMs: 5_000,
};
