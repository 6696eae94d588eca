import type { ServiceName } from '@remitflow/kernel';
import { CliError, exitCodes } from '../cli-error.ts';
import { editInEditor, readJson } from '../messages/edit-text.ts';
import { setMembers } from '../messages/edited-body.ts';
import { findLetter, writeChanges, type Change, type Proposal } from '../messages/letters.ts';
import { confirm, reasonOf } from '../messages/question.ts';
import { findOwner, gather, operator, warnOfSilence, type OneService } from '../messages/services.ts';
import type { Output } from '../output.ts';
import { call, post } from '../service-client.ts';

export type EditOptions = OneService & {
  readonly file?: string;
  readonly set?: readonly string[];
  readonly by?: string;
  readonly reason?: string;
  readonly yes?: boolean;
};

type Check = { readonly faults: readonly string[]; readonly changes: readonly Change[] };

/** Proposes other words for a dead letter: from a file, from `--set`, or from the person's editor. */
export async function editDead(id: string, options: EditOptions, output: Output): Promise<number> {
  const { service } = await findLetter(id, options);
  const path = `/ops/dead-letters/${id}`;
  const editable = await call<{ body: unknown }>(service, `${path}/editable`);
  const body = editedBody(editable.body, options);
  const check = await post<Check>(service, `${path}/edits/check`, { body: body as object });
  writeChanges(check.changes, output);
  if (check.faults.length > 0) {
    throw new CliError('edit-breaks-contract', `It could not be processed: ${check.faults.join(', ')}`, {
      nextAction: 'Edit it again; members are named as path:rule.',
    });
  }
  if (check.changes.length === 0) throw new CliError('nothing-changed', 'Nothing was changed.');
  const act = { by: operator(options.by), reason: await reasonOf(options.reason) };
  await confirm(`Propose ${check.changes.length} changes?`, options.yes ?? options.reason !== undefined);
  const proposal = await post<Proposal>(service, `${path}/edits`, { ...act, body: body as object });
  output.result({ ...proposal, service }, () => {
    output.line(`\nProposed. Somebody else has to agree:`);
    output.line(`  npx remitflow dead approve ${proposal.proposalId}`);
  });
  return exitCodes.ok;
}

function editedBody(original: unknown, { file, set }: EditOptions): unknown {
  const body = file === undefined ? original : readJson(file);
  if (set && set.length > 0) return setMembers(body, set);
  return file === undefined ? editInEditor(original) : body;
}

export async function listEdits(options: OneService, output: Output): Promise<number> {
  const gathered = await gather<Proposal[]>(options, '/ops/edits?state=waiting&limit=1000');
  const edits = gathered.answers.flatMap(({ service, body }) => body.map((edit) => ({ ...edit, service })));
  output.result(edits, () => {
    if (edits.length === 0) return output.line('No edit waits for a second person.');
    output.table(
      ['edit', 'service', 'dead letter', 'changes', 'by', 'why'],
      edits.map((one) => [
        one.proposalId,
        one.service,
        one.deadLetterId,
        one.changes.length,
        one.by,
        one.reason,
      ]),
    );
  });
  return warnOfSilence(gathered, output);
}

export type DecideOptions = OneService & {
  readonly by?: string;
  readonly reason?: string;
  readonly yes?: boolean;
};

export async function approveEdit(id: string, options: DecideOptions, output: Output): Promise<number> {
  const { service, body } = await findEdit(id, options);
  output.line(`${body.by} proposes, because: ${body.reason}`);
  writeChanges(body.changes, output);
  await confirm(`Process the message of ${service} in these words?`, options.yes);
  const by = operator(options.by);
  const result = await post<{ editedMessageId: string }>(service, `/ops/edits/${id}/approve`, { by });
  output.result({ ...result, service }, () =>
    output.line(`${service} processes it as message ${result.editedMessageId}.`),
  );
  return exitCodes.ok;
}

export async function rejectEdit(id: string, options: DecideOptions, output: Output): Promise<number> {
  const { service } = await findEdit(id, options);
  const act = { by: operator(options.by), reason: await reasonOf(options.reason) };
  const result = await post<object>(service, `/ops/edits/${id}/reject`, act);
  output.result({ ...result, service }, () => output.line('Turned down; the dead letter is open as it was.'));
  return exitCodes.ok;
}

const findEdit = (id: string, options: OneService): Promise<{ service: ServiceName; body: Proposal }> =>
  findOwner<Proposal>(
    options,
    { path: '/ops/edits', id },
    {
      code: 'edit-unknown',
      message: `No service has an edit ${id}.`,
      nextAction: 'List them with `npx remitflow dead edits`.',
    },
  );
