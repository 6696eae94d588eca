/** `release-held-payment` as a name in code: releaseHeldPayment, or ReleaseHeldPayment. */
export const camel = (kebab: string): string =>
  kebab.replace(/[-.]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

export const pascal = (kebab: string): string => {
  const word = camel(kebab);
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
};

/** `release-held-payment` as words of a sentence. */
export const spoken = (kebab: string): string => kebab.replaceAll(/[-.]/g, ' ');

export const isKebab = (text: string): boolean => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text);
