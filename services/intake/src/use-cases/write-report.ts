import { csvHeader, csvLine } from '../domain/report-csv.ts';
import { headText, rejectionText } from '../domain/report-text.ts';
import { rejectionLines, reportHead, type RejectedRequest, type RejectionLine } from '../domain/report.ts';
import type { StatusCount } from '../domain/status.ts';
import type { Submission } from '../domain/submission.ts';

type Reads = {
  readonly outcomes: {
    countsOf(submissionIds: readonly string[]): Promise<ReadonlyMap<string, readonly StatusCount[]>>;
    rejections(
      submissionId: string,
      afterPosition: number,
      limit: number,
    ): Promise<readonly RejectedRequest[]>;
  };
};

export type Needs = { readonly read: <T>(look: (reads: Reads) => Promise<T>) => Promise<T> };

export type ReportFormat = 'json' | 'text' | 'csv';

/** The File Summary Report piece by piece: a million rejections cost no more memory than a page of them. */
export async function* writeReport(
  needs: Needs,
  submission: Submission,
  format: ReportFormat,
): AsyncGenerator<string> {
  const { submissionId } = submission;
  const counts = await needs.read(({ outcomes }) => outcomes.countsOf([submissionId]));
  const head = reportHead(submission, counts.get(submissionId) ?? []);
  const writer = writers[format];
  yield writer.head(head);
  let isFirst = true;
  for await (const page of pagesOf(needs, submissionId)) {
    yield page.map((line) => writer.line(line, isFirst ? !(isFirst = false) : false)).join('');
  }
  yield writer.end;
}

async function* pagesOf({ read }: Needs, submissionId: string): AsyncGenerator<RejectionLine[]> {
  for (let after = 0; ;) {
    const position = after;
    const page = await read(({ outcomes }) => outcomes.rejections(submissionId, position, pageSize));
    const last = page.at(-1);
    if (!last) return;
    yield page.flatMap(rejectionLines);
    after = last.position;
  }
}

type Head = ReturnType<typeof reportHead>;

type Writer = {
  head(head: Head): string;
  line(line: RejectionLine, isFirst: boolean): string;
  readonly end: string;
};

const writers: Readonly<Record<ReportFormat, Writer>> = {
  json: {
    head: (head) => `${JSON.stringify(head).slice(0, -1)},"rejections":[`,
    line: (line, isFirst) => `${isFirst ? '' : ','}${JSON.stringify(line)}`,
    end: ']}',
  },
  text: { head: headText, line: rejectionText, end: '' },
  csv: { head: () => csvHeader, line: csvLine, end: '' },
};

const pageSize = 1_000;
