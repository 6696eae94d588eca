import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@remitflow/kernel';
import { findOwner, gather, operator } from './services.ts';

const id = '6f0d2d3c-5d0b-5c1e-9a52-000000000071';
const unknown = { code: 'thing-unknown', message: 'No such thing.', nextAction: 'Look.' };

/** Four services that answer, of which payout knows one thing; audit is away. */
describe('asking several services', () => {
  const servers: Server[] = [];
  const before = { ...process.env };

  beforeAll(async () => {
    for (const service of serviceNames) {
      const server = createServer(({ url }, response) => {
        response.setHeader('content-type', 'application/json');
        if (url === '/broken') response.writeHead(500).end('{"code":"internal","message":"Ours."}');
        else if (url === '/list') response.end(`["${service}"]`);
        else if (url === `/things/${id}` && service === 'payout') response.end('{"it":true}');
        else response.writeHead(404).end('{"code":"thing.unknown"}');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      process.env[`REMITFLOW_${service.toUpperCase()}_URL`] = `http://127.0.0.1:${port}`;
      if (service === 'audit') await new Promise((resolve) => server.close(resolve));
      else servers.push(server);
    }
  });

  afterAll(async () => {
    process.env = before;
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  });

  it('gathers what there is, and names who is silent', async () => {
    const { answers, silent } = await gather<string[]>({}, '/list');
    expect(answers.flatMap(({ body }) => body)).toEqual(['intake', 'validation', 'payout', 'remittance']);
    expect(silent).toEqual(['audit']);
    await expect(gather({ service: 'audit' }, '/list')).rejects.toMatchObject({ exitCode: 5 });
    await expect(gather({}, '/broken')).rejects.toMatchObject({ code: 'internal' });
  });

  it('finds whose an id is, and does not call it unknown while somebody is away', async () => {
    expect(await findOwner({}, { path: '/things', id }, unknown)).toMatchObject({ service: 'payout' });
    const other = { path: '/things', id: id.replace('71', '72') };
    await expect(findOwner({}, other, unknown)).rejects.toMatchObject({ code: 'not-reachable' });
    await expect(findOwner({ service: 'intake' }, other, unknown)).rejects.toMatchObject({
      code: 'thing-unknown',
    });
    await expect(findOwner({}, { path: '/things', id: 'x' }, unknown)).rejects.toMatchObject({
      code: 'thing-unknown',
    });
  });

  it('takes the operator from the option, or from the environment', () => {
    process.env['REMITFLOW_OPERATOR'] = 'ada';
    expect([operator('bob'), operator(undefined)]).toEqual(['bob', 'ada']);
  });
});
