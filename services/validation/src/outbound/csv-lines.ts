import type { Readable } from 'node:stream';

/** `text` is absent when the line is longer than a row may be. */
export type CsvLine = { readonly line: number; readonly text?: string };

const lineLengthMax = 64 * 1024;

/** The lines of a UTF-8 file as they come, in bounded memory; byte order mark, CRLF, LF and CR are taken care of. */
export async function* readCsvLines(bytes: Readable): AsyncGenerator<CsvLine> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  let line = 0;
  let isTooLong = false;
  const next = (text: string): CsvLine => {
    line += 1;
    const whole = isTooLong || text.length > lineLengthMax ? { line } : { line, text };
    isTooLong = false;
    return whole;
  };
  // Left whole when the reader gives up early: destroying an upload would also cut off the answer to it.
  for await (const chunk of bytes.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    const texts = (rest + decoder.decode(chunk, { stream: true })).split(lineBreak);
    rest = texts.pop()!;
    yield* texts.map(next);
    if (rest.length > lineLengthMax) {
      isTooLong = true;
      rest = '';
    }
  }
  rest += decoder.decode();
  if (rest !== '' || isTooLong) yield next(rest.replace(/\r$/, ''));
}

/** A CR at the very end may be half of a CRLF: it stays until the next chunk. */
const lineBreak = /\r\n|\n|\r(?!$)/;
