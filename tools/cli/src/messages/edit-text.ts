import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError, exitCodes } from '../cli-error.ts';

/** Opens a document in the editor of the person and gives what was made of it; nobody else can read it meanwhile. */
export function editInEditor(document: unknown): unknown {
  const editor = process.env['VISUAL'] ?? process.env['EDITOR'] ?? 'vi';
  const folder = mkdtempSync(join(tmpdir(), 'remitflow-edit-'));
  const file = join(folder, 'message.json');
  try {
    writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600 });
    const { status } = spawnSync(`${editor} "${file}"`, { stdio: 'inherit', shell: true });
    if (status !== 0)
      throw new CliError('editor-failed', `${editor} did not end well; nothing was done.`, {
        nextAction: 'Set EDITOR, or give --file or --set.',
      });
    return readJson(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Throws `edit-unreadable` with exit code 2 when the file is not JSON. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (cause) {
    const reason =
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'is not there' : 'is not well-formed JSON';
    throw new CliError('edit-unreadable', `${file} ${reason}.`, { exitCode: exitCodes.usage });
  }
}
