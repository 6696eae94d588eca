import { createServer } from 'node:net';

/** Requests and answers of Erlang's port mapper protocol (the Erlang runtime's distribution protocol, "EPMD protocol"). */
const ask = { register: 120, portOf: 122, names: 110 };
const answer = { registered: 118, port: 119 };
const ok = 0;
const unknown = 1;

/**
 * The port mapper that one node believes to be its machine's. It tells the node's own port truly and gives, for every other
 * node, whatever `portOfPeer(name)` says: so the way between two nodes can lead over a wire that may be cut.
 */
export async function openPortMapper({ port, portOfPeer, onRegistered }) {
  const registered = new Map();
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    let received = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      if (received.length < 2) return;
      const length = received.readUInt16BE(0);
      if (received.length < length + 2) return;
      serve(socket, received.subarray(2, length + 2));
      received = received.subarray(length + 2);
    });
  });

  const serve = (socket, request) => {
    const kind = request[0];
    if (kind === ask.register) return register(socket, request);
    if (kind === ask.portOf) return socket.end(portAnswerFor(request.subarray(1).toString()));
    if (kind === ask.names) return socket.end(namesAnswer(port, registered));
    return socket.destroy();
  };

  /** A name is taken for as long as its node keeps this connection. */
  const register = (socket, request) => {
    const nameLength = request.readUInt16BE(9);
    const name = request.subarray(11, 11 + nameLength).toString();
    const entry = { port: request.readUInt16BE(1), about: request.subarray(3, 9) };
    registered.set(name, entry);
    onRegistered?.(name, entry.port);
    socket.on('close', () => registered.get(name) === entry && registered.delete(name));
    const reply = Buffer.alloc(6);
    reply[0] = answer.registered;
    reply[1] = ok;
    reply.writeUInt32BE(1 + Math.floor(Math.random() * 0xfffffffe), 2);
    socket.write(reply);
  };

  const portAnswerFor = (name) => {
    const own = registered.get(name);
    return portAnswer(name, own ?? { port: portOfPeer(name), about: nodeOfVersion6 });
  };

  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function portAnswer(name, { port, about }) {
  if (port === undefined) return Buffer.from([answer.port, unknown]);
  const bytes = Buffer.from(name);
  const head = Buffer.alloc(12);
  head[0] = answer.port;
  head[1] = ok;
  head.writeUInt16BE(port, 2);
  about.copy(head, 4);
  head.writeUInt16BE(bytes.length, 10);
  return Buffer.concat([head, bytes, Buffer.alloc(2)]);
}

function namesAnswer(port, registered) {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(port);
  const lines = [...registered].map(([name, entry]) => `name ${name} at port ${entry.port}\n`);
  return Buffer.concat([head, Buffer.from(lines.join(''))]);
}

/** An ordinary node over TCP that speaks versions 5 to 6 of the distribution protocol. */
const nodeOfVersion6 = Buffer.from([77, 0, 0, 6, 0, 5]);
