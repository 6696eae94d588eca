import { describe, expect, it } from '@jest/globals';
import { postgresUrl, rabbitUrl } from './compose-urls.ts';

describe('the URLs of a compose file', () => {
  it('come from its own environment, with passwords encoded', () => {
    const environment = { POSTGRES_USER: 'remitflow', POSTGRES_PASSWORD: 'p@ss/word' };
    const configuration = { services: { postgres: { environment } } };
    expect(postgresUrl(configuration, '127.0.0.1:6000')).toBe(
      'postgres://remitflow:p%40ss%2Fword@127.0.0.1:6000/remitflow',
    );
  });

  it('fall back on what the images do by themselves', () => {
    const configuration = { services: { rabbitmq: {} } };
    expect(rabbitUrl(configuration, { amqp: '127.0.0.1:1', management: '' })).toEqual({
      url: 'amqp://guest:guest@127.0.0.1:1/%2F',
    });
  });
});
