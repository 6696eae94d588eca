import { checkFact, type BodyOf, type FactContract } from '@remitflow/contracts';
import { remitflowNamespace, uuidV5 } from '@remitflow/kernel';
import type { Outbox, RuntimeLog, SayOptions } from '@remitflow/messaging';

/** Remembers what was said, after checking it: a spec cannot say what the contract forbids. */
export class RecordingOutbox implements Outbox {
  readonly said: { contract: FactContract; body: object; options: SayOptions }[] = [];

  add<Contract extends FactContract>(
    contract: Contract,
    body: BodyOf<Contract>,
    options: SayOptions = {},
  ): string {
    checkFact(contract, body);
    this.said.push({ contract, body, options });
    return uuidV5(remitflowNamespace, `${contract.name}/${options.key ?? this.said.length}`);
  }

  bodies<Contract extends FactContract>(contract: Contract): BodyOf<Contract>[] {
    return this.said
      .filter((fact) => fact.contract === contract)
      .map((fact) => fact.body as BodyOf<Contract>);
  }
}

export const quietLog: RuntimeLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
