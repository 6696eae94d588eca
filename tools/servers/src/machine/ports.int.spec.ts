import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:net';
import { choosePorts, isPortFree, loopback, requirePort } from './ports.ts';

let holder: Server | undefined;

afterEach(async () => {
  await new Promise((resolve) => (holder ? holder.close(resolve) : resolve(undefined)));
  holder = undefined;
});

describe('the choice of ports', () => {
  it('keeps the remembered ones and never gives one twice', async () => {
    const first = await choosePorts(['a', 'b', 'c'], {});
    expect(new Set(Object.values(first)).size).toBe(3);
    expect(await choosePorts(['a', 'b', 'c'], first)).toEqual(first);
    const same = await choosePorts(['a', 'b'], { a: first.a, b: first.a });
    expect(same.b).not.toBe(first.a);
  });

  it('chooses again when another program has the remembered one', async () => {
    const taken = await hold();
    expect(await isPortFree(taken)).toBe(false);
    const chosen = await choosePorts(['a'], { a: taken });
    expect(chosen.a).not.toBe(taken);
  });

  it('refuses a port that was asked for and is taken', async () => {
    const taken = await hold();
    await expect(requirePort(taken, 'REMITFLOW_PORT')).rejects.toMatchObject({
      code: 'port-taken',
      message: expect.stringContaining('REMITFLOW_PORT'),
    });
  });
});

async function hold(): Promise<number> {
  const server = createServer();
  holder = server;
  await new Promise<void>((resolve) => server.listen({ port: 0, host: loopback }, resolve));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
