import { once } from 'node:events';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readAsSent, sendStreamed } from './streamed-request.ts';

const fileBytes = 64 * 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'remitflow-streamed-'));
const file = join(folder, 'large');

let answer: RequestListener;
let server: Server;
let url: string;

beforeEach(async () => {
  writeFileSync(file, '');
  truncateSync(file, fileBytes);
  server = createServer((request, response) => answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a file that is sent', () => {
  it('is read no further than it is taken', async () => {
    let read = 0;
    let taken = 0;
    const readAhead: number[] = [];
    answer = (request, response) => {
      request.on('data', (piece: Buffer) => {
        taken += piece.length;
        readAhead.push(read - taken);
        request.pause();
        setTimeout(() => request.resume(), 1);
      });
      request.on('end', () => response.writeHead(202, { 'content-type': 'text/plain' }).end('taken'));
    };
    const body = () => readAsSent(file, (bytes) => (read += bytes));
    const response = await sendStreamed(url, { method: 'POST', body });
    expect([response.status, await response.text(), taken]).toEqual([202, 'taken', fileBytes]);
    expect(Math.max(...readAhead)).toBeLessThan(16 * 1024 * 1024);
  });

  it('may be answered before its end', async () => {
    answer = (_, response) => response.writeHead(503, { 'retry-after': '5', connection: 'close' }).end('{}');
    const response = await sendStreamed(url, { method: 'POST', body: () => readAsSent(file) });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
  });

  it('says when nobody listens', async () => {
    server.close();
    const sent = sendStreamed(url, { method: 'POST', body: () => readAsSent(file) });
    await expect(sent).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
