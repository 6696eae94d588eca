import type { TakenRemittance } from '../domain/remittance.ts';
import { postNextPage, postRemittance, type Needs as PostNeeds } from './post-remittance.ts';
import {
  writeRemittance,
  type Needs as WriteNeeds,
  type Settings,
  type Written,
} from './write-remittance.ts';

export type Needs = Omit<WriteNeeds, 'pages'> &
  Omit<PostNeeds, 'remittances' | 'pages'> & {
    pages: WriteNeeds['pages'] & PostNeeds['pages'];
    remittances: PostNeeds['remittances'] & {
      take(remittanceId: string): Promise<TakenRemittance | undefined>;
      markWritten(remittanceId: string, file: Omit<Written, 'page'>): Promise<void>;
    };
  };

/** `not-ours`: another process has it or has posted it; `more`: call again, in another transaction. */
export type Issued = 'not-ours' | 'more' | 'posted';

/**
 * One step of a numbered remittance, in one transaction: writes its file, and posts it when it is not large; else each
 * step after that posts a page. A step that is lost is done again, with the same bytes in the file.
 */
export async function issueRemittance(
  needs: Needs,
  remittanceId: string,
  settings: Settings,
): Promise<Issued> {
  const taken = await needs.remittances.take(remittanceId);
  if (!taken) return 'not-ours';
  if (taken.isWritten) return (await postNextPage(needs, taken)) ? 'posted' : 'more';
  const { page, ...file } = await writeRemittance(needs, taken, settings);
  if (page) {
    await postRemittance(needs, taken, { ...file, page });
    return 'posted';
  }
  await needs.remittances.markWritten(remittanceId, file);
  return 'more';
}
