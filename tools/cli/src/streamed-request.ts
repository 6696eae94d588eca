import { createReadStream } from 'node:fs';
import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export type StreamedRequest = {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body: () => Readable;
};

/** A file as a body, and how much of it has been taken. */
export function readAsSent(file: string, count: (bytes: number) => void = () => undefined): Readable {
  return Readable.from(pieces(file, count), { objectMode: false });
}

async function* pieces(file: string, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const piece of createReadStream(file) as AsyncIterable<Uint8Array>) {
    count(piece.length);
    yield piece;
  }
}

/** Sends a body no faster than it is taken. `fetch` keeps a second copy of a streamed body, whole, in case it is redirected. */
export function sendStreamed(url: string, { method, headers, body }: StreamedRequest): Promise<Response> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { ...(method ? { method } : {}), ...(headers ? { headers } : {}) });
    outgoing.once('response', (incoming) => resolve(asResponse(incoming)));
    // An answer may come before everything is sent; then what cannot be sent any more does not matter.
    pipeline(body(), outgoing).catch(reject);
  });
}

function asResponse(incoming: IncomingMessage): Response {
  const headers = Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  const body = Readable.toWeb(incoming) as ReadableStream<Uint8Array>;
  return new Response(body, { status: incoming.statusCode ?? 0, headers });
}
