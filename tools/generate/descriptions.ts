import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { Describe } from './json-schema.ts';

/** What the doc comments of the contracts say: of a class, of a member of it, of a fact's constant. */
export function readDescriptions(contractsFolder: string): Describe {
  const texts = new Map<string, string>();
  const files = readdirSync(contractsFolder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .sort();
  for (const file of files) collect(join(contractsFolder, file), texts);
  return (className, member) => texts.get(member ? `${className}.${member}` : className);
}

function collect(file: string, texts: Map<string, string>): void {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const remember = (name: string, node: ts.Node): void => {
    const text = docOf(node);
    if (text) texts.set(name, text);
  };
  for (const statement of source.statements) {
    if (ts.isClassDeclaration(statement) && statement.name) {
      const owner = statement.name.text;
      remember(owner, statement);
      for (const member of statement.members) {
        if (member.name) remember(`${owner}.${member.name.getText(source)}`, member);
      }
    }
    if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations)
        remember(name.getText(source), statement);
    }
  }
}

function docOf(node: ts.Node): string | undefined {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const text = comment && ts.getTextOfJSDocComment(comment.comment);
  return text?.replace(/\s*\n\s*/g, ' ').trim();
}
