import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { RequestsApproved, type RequestsApprovedBody } from '@remitflow/contracts';
import { uuidV7 } from '@remitflow/kernel';
import { anEnvelopeOfHeld, eventually, TwoServices } from '@remitflow/testing';
import { toProperties } from './amqp/wire.ts';
import { decodeBody, encodeBody } from './core/body.ts';

const golden = new URL('../../contracts/golden/requests.approved.v1.json', import.meta.url);
const sample = JSON.parse(readFileSync(golden, 'utf8')) as RequestsApprovedBody;

const anApproval = (requests: number): RequestsApprovedBody => ({
  submissionId: uuidV7(),
  requests: Array.from({ length: requests }, () => ({ ...sample.requests[0]!, requestId: uuidV7() })),
});

describe('a hearer that reads outlines', () => {
  const two = new TwoServices();
  let heard: object[] = [];

  beforeAll(() => two.open(), 60_000);
  afterEach(() => two.clean());
  afterAll(() => two.close());

  const start = async (): Promise<void> => {
    await two.start();
    heard = [];
    two.onHeard = async (body, { received }) => {
      heard.push(body);
      expect(decodeBody(received.bytes, received.digest)).toHaveProperty('requests.0.lines');
    };
  };

  it('is given the outline of a bulk fact, and the whole body as it came', async () => {
    await start();
    const body = anApproval(40);
    await two.speaker.work(async ({ outbox }) => outbox.add(RequestsApproved, body));
    await eventually(() => heard.length === 1);
    expect(heard[0]).toEqual(RequestsApproved.outline!.of(body));
  });

  it('is given the whole where no outline came with it, or one that it cannot use', async () => {
    await start();
    const body = anApproval(40);
    const [first] = body.requests;
    for (const outline of [undefined, { requests: [{ requestId: first!.requestId }] }]) {
      const { bytes, digest } = encodeBody(body, outline);
      const envelope = { ...anEnvelopeOfHeld(), id: uuidV7(), type: RequestsApproved.name, digest };
      await two.publishRaw(bytes, toProperties(envelope));
    }
    await eventually(() => heard.length === 2);
    expect(heard).toEqual([body, body]);
    expect(await two.count('dead_letters')).toBe(0);
  });

  it('looks at the whole of what was refused as a whole, down to the one item at fault', async () => {
    await start();
    const body = anApproval(100);
    const bad = body.requests[41]!;
    const spoilt = { ...body, requests: body.requests.with(41, { ...bad, position: -1 }) };
    const { bytes, digest } = encodeBody(spoilt);
    await two.publishRaw(
      bytes,
      toProperties({ ...anEnvelopeOfHeld(), id: uuidV7(), type: RequestsApproved.name, digest }),
    );
    await eventually(async () => (await two.count('dead_letters')) === 1);
    await eventually(() => heard.flatMap((one) => (one as RequestsApprovedBody).requests).length === 99);
    const [letter] = await two.hearing.database.query<{ body: Buffer; digest: string }>(
      `select body, envelope->>'digest' as digest from dead_letters`,
    );
    expect(decodeBody(letter!.body, letter!.digest)).toMatchObject({
      requests: [{ requestId: bad.requestId }],
    });
  });
});
