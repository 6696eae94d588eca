import { describe, expect, it } from '@jest/globals';
import { packagesToFetch } from './rabbit-packages.ts';

const closure = `rabbitmq-server
  Depends: erlang-base
 |Depends: libc6
  Depends: <cron-daemon>
    cron
erlang-base
  Depends: libncurses6
erlang-base
libncurses6
systemd
perl
`;

describe('the packages of a private RabbitMQ', () => {
  it('are the broker, Erlang and the libraries this system lacks', () => {
    const wanted = packagesToFetch(closure, () => false);
    expect(wanted).toEqual(['erlang-base', 'libncurses6', 'rabbitmq-server']);
  });

  it('leave out libraries that are installed', () => {
    const wanted = packagesToFetch(closure, (name) => name === 'libncurses6');
    expect(wanted).toEqual(['erlang-base', 'rabbitmq-server']);
  });

  it('are none when the package lists know no RabbitMQ', () => {
    expect(packagesToFetch('', () => true)).toEqual([]);
  });
});
