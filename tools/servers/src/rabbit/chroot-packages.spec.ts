import { describe, expect, it } from '@jest/globals';
import { debianMirrors, sourcesOf } from './chroot-packages.ts';

describe('the mirror that RabbitMQ 4 is fetched from', () => {
  it('is the one of Debian itself that the machine uses, once', () => {
    const addresses = [
      'http://mirror.example/debian/',
      'http://mirror.example/debian/',
      'http://mirror.example/debian-security/',
      'https://other.example/node_20.x/',
      '',
    ].join('\n');
    expect(debianMirrors(addresses)).toEqual(['http://mirror.example/debian/']);
  });

  it('is believed with the signature of Debian where its keys are known', () => {
    expect(sourcesOf(['http://mirror.example/debian/'], '/keys.gpg')).toContain('Signed-By: /keys.gpg\n');
    expect(sourcesOf(['http://mirror.example/debian/'], undefined)).not.toContain('Signed-By');
  });
});
