import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

type Rules = { groups: { rules: { alert: string; annotations: Record<string, string> }[] }[] };
const rules = (parse(read('deploy/prometheus/rules.yml')) as Rules).groups.flatMap((group) => group.rules);

describe('the runbooks', () => {
  const names = readdirSync(join(root, 'docs/runbooks')).filter((name) => name !== 'README.md');

  it('are one for every alert, and none for anything else', () => {
    expect(names.sort()).toEqual(rules.map(({ alert }) => `${alert}.md`).sort());
  });

  it.each(rules)('$alert is found from its alert, says all four things, and leads nowhere else', (rule) => {
    const { alert, annotations } = rule;
    expect(annotations['runbook_url']).toBe(`docs/runbooks/${alert}.md`);
    const text = read(annotations['runbook_url']!);
    expect(text.match(/^## .*$/gm)).toEqual([
      '## What it means',
      '## How to see it',
      '## What to do',
      '## When it is over',
    ]);
    expect(text).toContain(`Alert \`${alert}\``);
    expect(text).toMatch(/`remitflow [a-z]+|`rabbitmq-|`node tools\/provision/);
    const links = [...text.matchAll(/\]\(([A-Za-z]+\.md)\)/g)].map(([, name]) => name!);
    expect(links.filter((name) => !names.includes(name))).toEqual([]);
    expect(read('docs/runbooks/README.md')).toContain(`[${alert}](${alert}.md)`);
  });
});

describe('a command that a runbook tells to type', () => {
  const program = ['main.ts', 'message-commands.ts'].map((name) => read(`tools/cli/src/${name}`)).join('\n');
  const known = [...program.matchAll(/add\(\s*(\w+),\s*'([a-z]+)/g)].map(([, group, name]) =>
    group === 'program' ? name! : `${group} ${name}`,
  );
  const typed = rules.flatMap(({ alert }) =>
    [...read(`docs/runbooks/${alert}.md`).matchAll(/`remitflow\s([^`]+)`/g)].map(([, words]) => words!),
  );

  it.each([...new Set(typed)])('remitflow %s', (words) => {
    const [first, second] = words.split(/\s+/);
    expect([first, `${first} ${second}`].some((command) => known.includes(command ?? ''))).toBe(true);
    const options = words.match(/--[a-z-]+/g) ?? [];
    expect(options.filter((option) => !program.includes(`'${option}`))).toEqual([]);
  });
});
