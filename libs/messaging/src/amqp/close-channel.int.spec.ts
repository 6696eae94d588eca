import { createServer, connect as reach, type AddressInfo, type Socket } from 'node:net';
import { afterAll, describe, expect, it } from '@jest/globals';
import { connect } from 'amqplib';
import { privateTestServers } from '@remitflow/servers';
import { closeChannel } from './close-channel.ts';

const ends: (() => void)[] = [];
afterAll(() => ends.forEach((end) => end()));

/** A way to the broker that can be cut, with what was sent last still under way. */
async function throughWire(url: URL) {
  const sockets: Socket[] = [];
  let isDeaf = false;
  const server = createServer((client) => {
    const upstream = reach(Number(url.port), url.hostname);
    sockets.push(client, upstream);
    client.on('data', (bytes) => isDeaf || upstream.write(bytes)).on('error', () => undefined);
    upstream.on('data', (bytes) => client.write(bytes)).on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => server.close());
  const wired = new URL(url);
  wired.port = String((server.address() as AddressInfo).port);
  return {
    url: wired.href,
    goDeaf: () => (isDeaf = true),
    cut: () => sockets.forEach((socket) => socket.destroy()),
  };
}

describe('leaving a channel', () => {
  it('ends when the connection is lost before the broker has answered', async () => {
    const servers = await privateTestServers();
    const wire = await throughWire(new URL(servers.rabbit.url));
    const connection = await connect(wire.url);
    connection.on('error', () => undefined);
    const channel = await connection.createChannel();
    wire.goDeaf();
    const leaving = closeChannel(channel);
    await new Promise((resolve) => setImmediate(resolve));
    wire.cut();
    await expect(leaving).resolves.toBeUndefined();
  });

  it('ends at once for a channel that is closed already', async () => {
    const servers = await privateTestServers();
    const connection = await connect(servers.rabbit.url);
    const channel = await connection.createChannel();
    await closeChannel(channel);
    await expect(closeChannel(channel)).resolves.toBeUndefined();
    await connection.close();
  });
});
