import { remembered } from './remembered.ts';

/** Units in ten-thousandths, exact; undefined for what is not a positive decimal. Absent means one. */
export const parseUnits = (text: string | undefined): bigint | undefined =>
  text === undefined ? scale : unitsOf(text);

const unitsOf = remembered((text: string): bigint | undefined => {
  const match = /^(\d{0,11})(?:\.(\d{0,4}))?$/.exec(text);
  if (!match || !/\d/.test(text)) return undefined;
  const units = BigInt(match[1] || '0') * scale + BigInt((match[2] ?? '').padEnd(4, '0'));
  return units > 0n ? units : undefined;
});

const scale = 10_000n;
