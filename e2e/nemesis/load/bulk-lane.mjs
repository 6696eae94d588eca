import { ask, mayBeTriedAgain } from '../http.mjs';
import { pause, repeat } from '../waiting.mjs';
import { writeClaimFile } from './claims.mjs';

/** Files whose claims are not all decided yet: no further one is sent before. */
const openFilesMax = 2;
const triedAgainMs = 700;

/**
 * Sends files of thousands of claims, one after the other, as fast as they are decided but no faster than `everyMs`. The
 * second file is sent twice, the third comes again under another name and control number.
 */
export async function runBulkLane({ instance, book, random, claims, everyMs, pressure, signal }) {
  const intake = instance.services.intake.url;
  const run = random.between(100_000, 400_000);
  let number = 0;
  const send = async () => {
    if (pressure.isHigh || (await openFiles(intake)) >= openFilesMax) return;
    number += 1;
    const file = { name: `bulk-${number}.837`, claims, run: run + number, control: run + number };
    await submit(intake, book, file);
    if (number === 2) await submit(intake, book, { ...file, sameBytes: true });
    if (number === 3)
      await submit(intake, book, { ...file, name: 'bulk-3-again.837', control: run + 500_000 });
  };
  await repeat(send, {
    everyMs,
    signal,
    onError: (error) => book.surprises.push(`bulk lane: ${error.message}`),
  });
}

async function openFiles(intake) {
  const { status, body } = await ask(`${intake}/submissions?limit=20`);
  if (status !== 200) return openFilesMax;
  return body.filter(({ format, done }) => format === 'x12' && !done).length;
}

/** Until somebody says yes or no: a file whose answer was lost is sent again, and is then the duplicate of itself. */
export async function submit(intake, book, file) {
  const text = [...writeClaimFile({ mixed: true, ...file })].join('');
  const key = `${file.name}${file.sameBytes ? ' again' : ''}`;
  book.unanswered.add(key);
  for (;;) {
    const answer = await ask(`${intake}/submissions`, {
      method: 'POST',
      body: text,
      headers: { 'content-type': 'application/edi-x12', 'x-file-name': encodeURIComponent(file.name) },
      timeoutMs: 30_000,
    });
    if (!mayBeTriedAgain(answer) && answer.body.code !== 'submission.aborted') {
      book.unanswered.delete(key);
      return noted(book, file, answer);
    }
    await pause(triedAgainMs);
  }
}

function noted(book, file, { status, body }) {
  const submissionId = body.submissionId ?? body.duplicateOf;
  if (file.sameBytes) book.duplicateUploads[status === 409 ? 'refused' : 'taken'] += 1;
  else if (status === 202 || status === 409)
    book.files.set(submissionId, { claims: file.claims, name: file.name });
  else book.surprises.push(`upload of ${file.name} answered ${status} ${body.code}`);
  return submissionId;
}
