import { relative, resolve, sep } from 'node:path';
import { emptyWords, termsOfTheField } from '../../../architecture.mjs';

const root = resolve(import.meta.dirname, '../../..');
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.(ts|mjs)$/;
const isEmptyWord = (word) => emptyWords.some((empty) => word === empty || word === `${empty}s`);

/** Files are named in kebab-case, and neither a file nor a folder by a word that says nothing. */
export const fileName = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      kebab: '{{name}} is not kebab-case',
      empty: '“{{word}}” in {{name}} says nothing: name it by what it is',
    },
  },
  create: (context) => ({
    Program(node) {
      const path = relative(root, context.filename).split(sep);
      const name = path.at(-1);
      if (!kebabCase.test(name)) context.report({ node, messageId: 'kebab', data: { name } });
      for (const part of path) {
        const word = emptyWordOf(part);
        if (word) context.report({ node, messageId: 'empty', data: { name: part, word } });
      }
    },
  }),
};

function emptyWordOf(part) {
  const [stem, ...rest] = part.split('.');
  if (termsOfTheField.includes(stem)) return undefined;
  return [...stem.split('-'), ...rest].find(isEmptyWord);
}

const isTermOfTheField = (name) =>
  termsOfTheField.some((term) => name.toLowerCase().endsWith(term.replaceAll('-', '')));

/** Types, classes and functions do not end in a word that says nothing, and no type wears an I in front. */
export const declaredName = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      empty: '“{{name}}” ends in a word that says nothing: name it by what it is',
      prefix: '“{{name}}” wears an I in front: a type is named like the thing',
    },
  },
  create(context) {
    const check = ({ id }) => {
      if (!id) return;
      const report = (messageId) => context.report({ node: id, messageId, data: { name: id.name } });
      const last = id.name.match(/[A-Z]?[a-z0-9]+$/)?.[0].toLowerCase() ?? '';
      if (isEmptyWord(last) && !isTermOfTheField(id.name)) report('empty');
      if (/^I[A-Z][a-z]/.test(id.name)) report('prefix');
    };
    return {
      ClassDeclaration: check,
      FunctionDeclaration: check,
      TSInterfaceDeclaration: check,
      TSTypeAliasDeclaration: check,
    };
  },
};
