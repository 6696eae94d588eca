import { CannotProceed, dayOf } from '@remitflow/kernel';
import { effectiveDateFor, fileIdModifier } from '@remitflow/nacha';
import { cutOffTimeZone, wallTime } from '../domain/cut-off.ts';
import type { FileDates, RailTerms } from '../domain/cycle.ts';
import type { ClosingNeeds, ClosingWork } from './closing.ts';

/** What a file that is made now says of its time; whoever asks has waited for their turn. */
export async function datesOfNewFile(
  { cycles }: ClosingWork,
  { immediateDestination }: RailTerms,
  now: Date,
): Promise<FileDates> {
  const createdOn = dayOf(now, cutOffTimeZone);
  const modifier = fileIdModifier(await cycles.filesOn(immediateDestination, createdOn));
  if (!modifier.ok) throw new CannotProceed('cycle.too-many-files-today', { day: createdOn });
  const effectiveDate = effectiveDateFor(createdOn, 1);
  return { createdOn, createdTime: wallTime(now), fileIdModifier: modifier.value, effectiveDate };
}

/** True when the file was made on an earlier day: its effective date may not be ahead any more. */
export const isOutdated = ({ createdOn }: FileDates, now: Date): boolean =>
  createdOn < dayOf(now, cutOffTimeZone);

/**
 * Gives a file of an earlier day the dates of today, as long as nobody can have seen it; it is built anew. Its name
 * stays: our own copy and what was logged about it go by that.
 */
export async function redateFile(needs: ClosingNeeds, cycleId: string): Promise<void> {
  await needs.work(async (work) => {
    const { cycles } = work;
    await cycles.waitForTurn();
    const { status } = await cycles.lock(cycleId);
    if (status !== 'announced' && status !== 'built') return;
    const file = await cycles.file(cycleId);
    const now = needs.now();
    if (!file || !isOutdated(file, now)) return;
    await cycles.redateFile(cycleId, await datesOfNewFile(work, file.terms, now));
    await cycles.advance(cycleId, 'announced');
  });
}
