import tseslint from 'typescript-eslint';
import { pureFolderExceptions, pureFolders } from './architecture.mjs';
import { imports } from './tools/architecture/rules/imports.mjs';
import { longFile } from './tools/architecture/rules/long-file.mjs';
import { declaredName, fileName } from './tools/architecture/rules/names.mjs';
import { noBanners, sqlInStores, todoNeedsIssue } from './tools/architecture/rules/text.mjs';

const house = {
  rules: {
    imports,
    'file-name': fileName,
    'declared-name': declaredName,
    'long-file': longFile,
    'no-banners': noBanners,
    'sql-in-stores': sqlInStores,
    'todo-needs-issue': todoNeedsIssue,
  },
};

const specs = ['**/*.spec.ts'];

/** Forms of the language we do without, everywhere. */
const forms = [
  { selector: 'TSEnumDeclaration', message: 'A union of strings instead of an enum.' },
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only: a thing has one name.' },
];

/** What pure code cannot know: it is told the time and given its ids. */
const worldly = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Pure code is told the time.',
  },
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'Pure code is told the time.',
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Pure code draws no lots.',
  },
  {
    selector: 'ImportSpecifier[imported.name=/^(uuidV7|randomUUID|randomBytes|randomInt)$/]',
    message: 'Pure code is given its ids: make them at the edge, or use uuidV5.',
  },
  {
    selector: 'CallExpression[callee.name=/^(setTimeout|setInterval|setImmediate|fetch)$/]',
    message: 'Pure code does not wait and does not call.',
  },
  { selector: "MemberExpression[object.name='process']", message: 'Pure code knows no process.' },
];

/** Only config.ts is told of the environment. */
const environment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only config.ts is told of the environment.',
};

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '.remitflow/**', '**/coverage/**', 'docs/**'] },
  { linterOptions: { noInlineConfig: true } },
  {
    files: ['**/*.{ts,mjs}'],
    languageOptions: { parser: tseslint.parser, ecmaVersion: 2024, sourceType: 'module' },
    plugins: { house, '@typescript-eslint': tseslint.plugin },
    rules: {
      'house/imports': 'error',
      'house/file-name': 'error',
      'house/declared-name': 'error',
      'house/no-banners': 'error',
      'house/todo-needs-issue': 'error',
      'house/long-file': ['warn', 200],
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', { max: 3 }],
      complexity: ['error', { max: 10, variant: 'modified' }],
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-param-reassign': 'error',
      'no-restricted-syntax': ['error', ...forms],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['{libs,services}/**/*.ts'],
    ignores: specs,
    rules: { 'no-console': 'error', 'no-restricted-syntax': ['error', ...forms, environment] },
  },
  { files: ['libs/{service,testing}/src/**'], rules: { 'no-restricted-syntax': ['error', ...forms] } },
  {
    files: pureFolders,
    ignores: [...specs, ...pureFolderExceptions],
    rules: { 'no-restricted-syntax': ['error', ...forms, ...worldly] },
  },
  {
    files: ['services/*/src/**/*.ts'],
    ignores: [...specs, '**/*.store.ts', '**/*.builder.ts'],
    rules: { 'house/sql-in-stores': 'error' },
  },
  {
    files: ['{libs,services,tools,e2e,bench}/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  { files: specs, rules: { 'max-lines-per-function': 'off', 'max-params': 'off' } },
  {
    files: ['*.config.mjs'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...forms.filter(({ selector }) => selector !== 'ExportDefaultDeclaration'),
      ],
    },
  },
);
