import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Output } from '../output.ts';
import { untilDecided } from './follow-submission.ts';

const submissionId = '01a20247-03ea-7ff9-8ae2-7fc1fd91d247';
const waitsFor = { code: 'reading.validation-behind', message: 'Reading waits until validation is there.' };

/** An intake that reads no further until it is told to; nobody listens where validation should be. */
describe('who watches a submission', () => {
  const before = { ...process.env };
  let intake: Server;
  let isDone: boolean;
  let lines: string[];

  beforeEach(async () => {
    isDone = false;
    intake = createServer(({ url = '' }, response) => {
      response.setHeader('content-type', 'application/json');
      if (url.startsWith('/health')) return response.end('{"ready":true}');
      response.end(JSON.stringify(url.startsWith('/submissions?') ? [] : submission()));
    });
    intake.listen(0, '127.0.0.1');
    await once(intake, 'listening');
    const { port } = intake.address() as AddressInfo;
    process.env['REMITFLOW_INTAKE_URL'] = `http://127.0.0.1:${port}`;
    process.env['REMITFLOW_VALIDATION_URL'] = 'http://127.0.0.1:1';
    lines = [];
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  });

  afterEach(() => {
    jest.restoreAllMocks();
    process.env = before;
    intake.closeAllConnections();
    intake.close();
  });

  const submission = (): object => ({
    ...{ submissionId, status: isDone ? 'parsed' : 'parsing', bytes: 2_000_000, done: isDone },
    ...(isDone
      ? { bytesRead: 2_000_000, received: 5_000, decided: 5_000 }
      : { bytesRead: 500_000, received: 1_000, decided: 400, waitsFor }),
  });

  it('is told what it waits for and who is away, and how it ended', async () => {
    const decided = untilDecided(submissionId, new Output({ json: false }));
    const says = (text: string): boolean => lines.some((line) => line.includes(text));
    while (!says(waitsFor.message)) await new Promise((resolve) => setTimeout(resolve, 20));
    isDone = true;
    expect(await decided).toMatchObject({ done: true, decided: 5_000 });
    expect(lines).toEqual([
      '  read 0.5 of 2.0 MB · 1,000 requests found · 400 decided\n',
      `  read 0.5 of 2.0 MB · 1,000 requests found · 400 decided · ${waitsFor.message} (validation does not answer)\n`,
      '  read · 5,000 requests found · 5,000 decided\n',
    ]);
  });
});
