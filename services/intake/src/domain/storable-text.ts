/** Whether PostgreSQL stores the text as it is (no zero byte, no half of a character), and a report can show it. */
export const isStorable = (text: string): boolean => !refused.test(text);

/** The text up to a number of UTF-16 units, never cut within a character; what cannot be stored is shown as U+FFFD. */
export const storableText = (text: string, max: number): string =>
  cutText(text, max).replace(everyRefused, '\ufffd');

/** The same, but what cannot be stored stays. */
export function cutText(text: string, max: number): string {
  const cut = text.slice(0, max);
  return cut.length < text.length && halfAtEnd.test(cut) ? cut.slice(0, -1) : cut;
}

/** Control characters but tab and line ends; surrogates without their other half. */
const refused = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\p{Cs}]/u;
const everyRefused = new RegExp(refused, 'gu');
const halfAtEnd = /[\ud800-\udbff]$/;
