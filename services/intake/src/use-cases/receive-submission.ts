import { SubmissionsReceived } from '@remitflow/contracts';
import { ok, refuse, type Result } from '@remitflow/kernel';
import type { Outbox } from '@remitflow/messaging';
import { sniff, sniffBytes } from '@remitflow/x12';
import { formatOf, type Refusal } from '../domain/declared-format.ts';
import { peekBytes } from '../domain/peek-bytes.ts';
import { peekInterchange } from '../domain/peek-interchange.ts';
import type { Interchange } from '../domain/request.ts';
import { rawPathOf, type Earlier, type NewSubmission } from '../domain/submission.ts';

type Incoming = {
  readonly bytes: number;
  readonly sha256: string;
  keep(path: string): Promise<void>;
  settle(): Promise<void>;
  discard(): Promise<void>;
};

type Work = {
  readonly outbox: Outbox;
  readonly submissions: {
    add(submission: NewSubmission): Promise<boolean>;
    remove(submissionId: string): Promise<void>;
    findBySha256(sha256: string): Promise<Earlier | undefined>;
    find(submissionId: string): Promise<Earlier | undefined>;
    takeInterchanges(
      submissionId: string,
      interchanges: readonly Interchange[],
    ): Promise<{ controlNumber: string; duplicateOf: string } | undefined>;
  };
};

export type Needs = {
  readonly files: { receive(source: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Incoming> };
  readonly work: <T>(perform: (work: Work) => Promise<T>) => Promise<T>;
  readonly newId: () => string;
  readonly now: () => Date;
};

export type Upload = {
  readonly source: AsyncIterable<Uint8Array>;
  readonly contentType?: string;
  readonly fileName?: string;
  readonly bytesMax: number;
};

export type Accepted = { readonly submissionId: string; readonly bytes: number; readonly sha256: string };

/** A file that came before, by its bytes or by its sender and interchange control number. */
export type Duplicate = Refusal & { readonly earlier: Earlier };

/**
 * Stores a file as it comes and says that it came; it is read later. What is refused leaves nothing behind.
 * Throws `submission.too-large`.
 */
export async function receiveSubmission(
  needs: Needs,
  upload: Upload,
): Promise<Result<Accepted, Refusal | Duplicate>> {
  const { first, whole } = await peekBytes(upload.source, sniffBytes);
  const format = formatOf(sniff(first), upload.contentType);
  if (!format.ok) return format;

  const incoming = await needs.files.receive(whole, upload.bytesMax);
  const interchange = format.value === 'x12' ? peekInterchange(first) : undefined;
  try {
    const received = await needs.work<Result<Accepted, Duplicate>>(async (work) => {
      const submissionId = needs.newId();
      const path = rawPathOf(incoming.sha256, submissionId);
      const { bytes, sha256 } = incoming;
      const duplicate = await addOnce(
        work,
        {
          ...{
            submissionId,
            door: 'file',
            format: format.value,
            bytes,
            sha256,
            path,
            receivedAt: needs.now(),
          },
          ...(upload.fileName ? { fileName: upload.fileName } : {}),
          ...(interchange ? { usage: interchange.usage } : {}),
        },
        interchange,
      );
      if (duplicate) return refuse(duplicate);
      work.outbox.add(
        SubmissionsReceived,
        { submissionId, format: format.value, sha256, bytes },
        { key: submissionId, correlationId: submissionId },
      );
      await incoming.keep(path);
      return ok({ submissionId, bytes, sha256 });
    });
    await incoming.settle();
    return received;
  } finally {
    await incoming.discard();
  }
}

async function addOnce(
  { submissions }: Work,
  submission: NewSubmission,
  interchange: Interchange | undefined,
): Promise<Duplicate | undefined> {
  if (!(await submissions.add(submission))) {
    const earlier = await submissions.findBySha256(submission.sha256);
    return duplicateOf(earlier!, 'The same file was submitted before.');
  }
  const taken = interchange && (await submissions.takeInterchanges(submission.submissionId, [interchange]));
  if (!taken) return undefined;
  await submissions.remove(submission.submissionId);
  const earlier = await submissions.find(taken.duplicateOf);
  const sentence = `Interchange control number ${taken.controlNumber} (ISA13) of this sender was submitted before, in another file.`;
  return duplicateOf(earlier!, sentence);
}

function duplicateOf(earlier: Earlier, sentence: string): Duplicate {
  const outcome = earlier.failure ? ` It failed: ${earlier.failure.message} Mend it and send it again.` : '';
  return { code: 'submission.duplicate', message: sentence + outcome, earlier };
}
