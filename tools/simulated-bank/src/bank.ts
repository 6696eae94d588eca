import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CannotProceed } from '@remitflow/kernel';
import { answersTo } from './answers.ts';
import { moveDurably, writeDurably } from './durable-file.ts';
import { History } from './history.ts';
import { judgeFile } from './judge-file.ts';
import { appendDecision, mendLedger, readLedger, type Decision } from './ledger.ts';

export type BankFolders = {
  /** Where payout leaves its files. */
  readonly outbox: string;
  /** Where the bank leaves its answers. */
  readonly inbox: string;
  /** The bank's own; on the same file system as the outbox, used by one bank at a time. */
  readonly state: string;
};

export type BankOptions = BankFolders & {
  readonly pollMs?: number;
  /** How long the bank is silent between booking a file and answering. */
  readonly lateMs?: number;
  /** Says everything a second time, under another name: banks do. */
  readonly answersTwice?: boolean;
  readonly signal?: AbortSignal;
  readonly log?: (line: string) => void;
};

const pollMsDefault = 200;

/** Works until the signal aborts; finishes first what a bank that died left behind. */
export async function runBank(options: BankOptions): Promise<void> {
  const bank = await openBank(options);
  while (!options.signal?.aborted) {
    await bank.processOnce();
    await wait(options.pollMs ?? pollMsDefault, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

/** Handles what lies there now; gives the decisions it made. */
export async function processOnce(options: BankOptions): Promise<readonly Decision[]> {
  const bank = await openBank(options);
  return bank.processOnce();
}

async function openBank(options: BankOptions): Promise<Bank> {
  const { state, inbox, outbox } = options;
  for (const folder of [outbox, inbox, join(state, 'received'), join(state, 'answered')]) {
    await mkdir(folder, { recursive: true });
  }
  await mendLedger(state);
  const { decisions } = await readLedger(state);
  return new Bank(options, decisions);
}

/**
 * A file goes outbox → received (claimed) → one line in the ledger (decided: the money has moved) → answers in the
 * inbox → answered. Each step is one rename or one line, so a bank that dies anywhere goes on from the last one.
 */
class Bank {
  private readonly decisions: Map<string, Decision>;
  private readonly history: History;
  private readonly received: string;
  private readonly answered: string;

  constructor(
    private readonly options: BankOptions,
    decisions: readonly Decision[],
  ) {
    this.decisions = new Map(decisions.map((decision) => [decision.ticket, decision]));
    this.history = new History(decisions);
    this.received = join(options.state, 'received');
    this.answered = join(options.state, 'answered');
  }

  async processOnce(): Promise<readonly Decision[]> {
    await this.claimAll();
    const made: Decision[] = [];
    for (const ticket of (await readdir(this.received)).sort()) {
      if (this.options.signal?.aborted) break;
      if (!this.decisions.has(ticket)) made.push(await this.decide(ticket));
      await this.answer(this.decisions.get(ticket)!);
    }
    return made;
  }

  private async claimAll(): Promise<void> {
    const names = (await readdir(this.options.outbox)).filter((name) => /^[^.].*\.ach$/.test(name));
    if (names.length === 0) return;
    let number = await this.lastNumber();
    for (const name of names.sort()) {
      number += 1;
      const ticket = `${String(number).padStart(8, '0')}-${name}`;
      await claim(join(this.options.outbox, name), join(this.received, ticket));
    }
  }

  private async lastNumber(): Promise<number> {
    const known = [...(await readdir(this.received)), ...this.decisions.keys()];
    return known.reduce((last, ticket) => Math.max(last, Number.parseInt(ticket, 10) || 0), 0);
  }

  private async decide(ticket: string): Promise<Decision> {
    const delivery = { ticket, file: nameIn(ticket), path: join(this.received, ticket) };
    const decision = await judgeFile(delivery, this.history);
    await appendDecision(this.options.state, decision);
    this.decisions.set(ticket, decision);
    this.history.add(decision);
    const { file, accepted, entries, creditsCents, problems, returns, notices } = decision;
    const verdict = accepted ? 'accepted' : `refused (${problems.find(isError)?.code})`;
    this.options.log?.(
      `${file}: ${verdict}, ${entries} entries, ${creditsCents} cents, ${returns.length} returned, ${notices.length} noticed`,
    );
    return decision;
  }

  private async answer(decision: Decision): Promise<void> {
    const { inbox, lateMs, answersTwice, signal } = this.options;
    const path = join(this.received, decision.ticket);
    const name = this.answerName(decision);
    if (lateMs) await wait(lateMs, undefined, { signal }).catch(() => undefined);
    if (signal?.aborted) return;
    for (const said of answersTwice ? [name, `${name}.again`] : [name]) {
      for (const { suffix, text } of await answersTo(decision, path)) {
        const answer = join(inbox, `${said}.${suffix}`);
        if (!existsSync(answer)) await writeDurably(answer, text);
      }
    }
    await moveDurably(path, join(this.answered, decision.ticket));
  }

  /** A name that came before has its answers already, so a later file of that name is answered under its number too. */
  private answerName({ ticket, file }: Decision): string {
    const name = file.replace(/\.ach$/, '');
    const [first] = [...this.decisions.values()].filter((decision) => decision.file === file);
    return first?.ticket === ticket ? name : `${name}.${ticket.slice(0, 8)}`;
  }
}

/** A copy could be half there, or be there twice, when the bank dies; a rename can not. */
async function claim(from: string, to: string): Promise<void> {
  await moveDurably(from, to).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EXDEV') throw cause;
    const message = 'The state folder must be on the same file system as the outbox.';
    throw new CannotProceed('bank.other-file-system', {}, { message, cause });
  });
}

const nameIn = (ticket: string): string => ticket.slice(ticket.indexOf('-') + 1);

const isError = ({ severity }: { readonly severity: string }): boolean => severity === 'error';
