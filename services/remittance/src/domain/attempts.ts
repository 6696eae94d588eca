/** After so many attempts that failed alike a remittance is set aside for a person. */
export const attemptsMax = 6;

/** How long a remittance waits after so many failed attempts, in milliseconds: 1 s, 4 s, 16 s, … */
export const waitMsAfter = (attempts: number): number => firstWaitMs * 4 ** Math.max(0, attempts - 1);

const firstWaitMs = 1_000;
