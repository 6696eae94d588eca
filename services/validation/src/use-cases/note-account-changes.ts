import type { AccountNotice } from '@remitflow/contracts';

export type Needs = { notices: { record(notices: readonly AccountNotice[]): Promise<void> } };

/** Keeps what payees' banks want changed, for a person to ask the payee about. */
export const noteAccountChanges = ({ notices }: Needs, noticed: readonly AccountNotice[]): Promise<void> =>
  notices.record(noticed);
