import { describe, expect, it } from '@jest/globals';
import { lintTexts } from './lint-texts.ts';

export type Case = { readonly path: string; readonly text: string; readonly typed?: boolean };

/** One thing that is forbidden: violations that must be refused, and their allowed counterparts. */
export type Row = {
  readonly what: string;
  readonly rule: string;
  readonly refused: readonly Case[];
  readonly accepted: readonly Case[];
};

export const at = (path: string, ...lines: string[]): Case => ({ path, text: `${lines.join('\n')}\n` });

export const importing = (path: string, ...names: string[]): Case[] =>
  names.map((name) => at(path, `import '${name}';`));

export const importingType = (path: string, ...names: string[]): Case[] =>
  names.map((name) => at(path, `import type { X } from '${name}';`, 'export type Y = X;'));

/** A file in a folder of a service. */
export const inService = (folder: string): string => `services/validation/src/${folder}/probe.ts`;

/** Lints all probes at once, starting the linter is what takes the time; then one test a row and direction. */
export function probe(rows: readonly Row[]): void {
  const cases = rows.flatMap(({ refused, accepted }) => [...refused, ...accepted]);
  const answers = new Map(
    lintTexts(cases).map((objections, position) => [
      cases[position],
      objections.filter(({ severity }) => severity === 2).map(({ ruleId }) => ruleId),
    ]),
  );
  const objecting = (some: readonly Case[], rule: string): string[] =>
    some.filter((one) => answers.get(one)?.includes(rule)).map(shown);
  // What does not parse, or stands in an ignored file, proves nothing.
  const unreadable = (one: Case): boolean => answers.get(one)?.includes(null) ?? true;

  describe.each(rows)('$what', ({ rule, refused, accepted }) => {
    it('refuses every violation', () => {
      expect(objecting(refused, rule)).toEqual(refused.map(shown));
    });

    it('accepts what is allowed', () => {
      expect(objecting(accepted, rule)).toEqual([]);
      expect([...refused, ...accepted].filter(unreadable).map(shown)).toEqual([]);
    });
  });
}

const shown = ({ path, text }: Case): string => `${path}: ${text.trim().slice(0, 90)}`;
