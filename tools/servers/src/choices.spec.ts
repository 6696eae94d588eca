import { describe, expect, it } from '@jest/globals';
import { choiceVariables, readChoices } from './choices.ts';
import { parseServerUrl, withoutPassword } from './server-url.ts';

const demo = choiceVariables('postgres', 'demo');

describe('the choice of a server', () => {
  it('is an explicit URL before anything else', () => {
    const env = { DATABASE_URL: 'postgres://a@b/c', REMITFLOW_POSTGRES: 'embedded' };
    expect(readChoices(env, demo)).toEqual({ url: 'postgres://a@b/c', ways: [] });
  });

  it('goes from docker over this machine to packages when nothing is said', () => {
    expect(readChoices({}, demo).ways).toEqual(['docker', 'machine', 'embedded']);
    expect(readChoices({ DATABASE_URL: ' ' }, demo).ways).toHaveLength(3);
  });

  it('can be forced, but not to something unknown', () => {
    expect(readChoices({ REMITFLOW_POSTGRES: 'machine' }, demo).ways).toEqual(['machine']);
    expect(() => readChoices({ REMITFLOW_POSTGRES: 'cloud' }, demo)).toThrow(/none of docker/);
  });

  it('of a test run never falls on the servers of the user', () => {
    const user = { DATABASE_URL: 'postgres://u@h/d', RABBITMQ_URL: 'amqp://u@h/v' };
    expect(readChoices(user, choiceVariables('postgres', 'test')).url).toBeUndefined();
    expect(readChoices(user, choiceVariables('rabbit', 'test')).url).toBeUndefined();
  });
});

describe('a server URL', () => {
  const expected = { variable: 'RABBITMQ_URL', schemes: ['amqp:', 'amqps:'] };

  it.each(['', 'localhost:5672', 'http://localhost', 'amqp://', 'amqp://u:p@ss#w@:x'])(
    'that cannot be used is refused and not repeated: "%s"',
    (text) => {
      expect(() => parseServerUrl(text, expected)).toThrow(
        expect.objectContaining({
          code: 'url-unreadable',
          nextAction: expect.stringContaining('amqp://user:password@host:port'),
        }),
      );
    },
  );

  it('is shown without its password', () => {
    expect(withoutPassword('amqp://bob:hunter2@db:5672/v')).toBe('amqp://bob@db:5672/v');
  });
});
