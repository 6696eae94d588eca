import { describe, expect, it } from '@jest/globals';
import { requireRabbitVersion } from '../rabbit/rabbit-version.ts';
import { postgresMajor, requirePostgresVersion } from './postgres-version.ts';

describe('versions of servers', () => {
  it.each([
    ['postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)', 15],
    ['18.4', 18],
    ['17beta1', 17],
    ['9.6.24', 9],
    ['nothing', 0],
  ])('%s is PostgreSQL %i', (text, major) => {
    expect(postgresMajor(text)).toBe(major);
  });

  it.each(['15.0', '18beta2', '16.1 (Ubuntu 16.1)'])('takes PostgreSQL %s', (version) => {
    expect(() => requirePostgresVersion(version)).not.toThrow();
  });

  it('refuses PostgreSQL 14 with the next action', () => {
    expect(() => requirePostgresVersion('14.11')).toThrow(
      expect.objectContaining({
        code: 'server-too-old',
        nextAction: expect.stringContaining('DATABASE_URL'),
      }),
    );
  });

  it.each(['3.10.0', '3.13.7', '4.0.5', '4.3.0'])('takes RabbitMQ %s', (version) => {
    expect(() => requireRabbitVersion(version)).not.toThrow();
  });

  it.each(['3.9.29', '2.8', ''])('refuses RabbitMQ "%s"', (version) => {
    expect(() => requireRabbitVersion(version)).toThrow(expect.objectContaining({ code: 'server-too-old' }));
  });
});
