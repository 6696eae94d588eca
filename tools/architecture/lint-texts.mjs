import { text } from 'node:stream/consumers';
import { resolve } from 'node:path';
import { ESLint } from 'eslint';

/**
 * Lints texts as if they stood in files: reads [{path, text, typed?}] from standard input, answers with a list of
 * [{ruleId, message, severity}] for each. `typed` texts take the place of a file that exists, others need none.
 */
const root = resolve(import.meta.dirname, '../..');
const options = { cwd: root, cache: false };
const typed = new ESLint(options);
const untyped = new ESLint({
  ...options,
  overrideConfig: {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: false } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'off',
    },
  },
});

const answers = [];
for (const probe of JSON.parse(await text(process.stdin))) {
  const eslint = probe.typed ? typed : untyped;
  const [result] = await eslint.lintText(probe.text, { filePath: resolve(root, probe.path) });
  answers.push(
    (result?.messages ?? []).map(({ ruleId, message, severity }) => ({ ruleId, message, severity })),
  );
}
process.stdout.write(JSON.stringify(answers));
