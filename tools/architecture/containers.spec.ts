import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { serviceNames } from '@remitflow/contracts';
import { parse } from 'yaml';
import { root } from './workspace.ts';

type Environment = Readonly<Record<string, string>>;
type Container = {
  readonly image: string;
  readonly build?: { readonly target?: string };
  readonly environment?: Environment;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: object;
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly user?: string;
  readonly container_name?: string;
  readonly hostname?: string;
  readonly profiles?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
};
type Compose = { readonly services: Readonly<Record<string, Container>>; readonly volumes: object };

/** As `--scale` of the command line has it. */
const processesMax = 8;

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const dockerfile = read('Dockerfile');
const composeText = read('docker-compose.yml');
const compose = parse(composeText, { merge: true }) as Compose;
const containers = Object.entries(compose.services);
const container = (name: string): Container => compose.services[name] ?? { image: '' };
const stages = [...dockerfile.matchAll(/^FROM (\S+) AS (\S+)$/gm)].map(([, from = '', name = '']) => ({
  from,
  name,
}));
const stageText = (name: string): string =>
  dockerfile.split(new RegExp(`^FROM \\S+ AS ${name}$`, 'm'))[1]?.split(/^FROM /m)[0] ?? '';

describe('the Dockerfile', () => {
  it.each(serviceNames)('has a target for %s, which holds that service alone', (service) => {
    expect(stages).toContainEqual({ from: 'service', name: service });
    expect(
      stageText(service)
        .match(/services\/\w+/g)
        ?.every((path) => path === `services/${service}`),
    ).toBe(true);
  });

  it('has a target for the tools', () => {
    expect(stages).toContainEqual({ from: 'runtime', name: 'tools' });
  });

  it('runs as nobody in particular, by number', () => {
    expect(stageText('runtime')).toMatch(/^USER 10001:10001$/m);
    expect(dockerfile).not.toMatch(/^USER (root|0)\b/m);
  });

  it('asks every service whether it is ready', () => {
    expect(stageText('service')).toMatch(/HEALTHCHECK[\s\S]*\/health\/ready/);
  });

  it('starts from one pinned image and installs from the lock file, without development packages', () => {
    expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:\d+(\.\d+)*-(\w+-)?slim$/m);
    const installs = [...dockerfile.matchAll(/npm (ci|install|i)\b[^\n]*/g)].map(([line]) => line);
    expect(installs.every((line) => line.startsWith('npm ci'))).toBe(true);
    expect(
      ['service-packages', 'tool-packages'].map((name) => stageText(name).includes('--omit=dev')),
    ).toEqual([true, true]);
  });

  it('runs no shell around the process, so that it hears SIGTERM', () => {
    expect([...dockerfile.matchAll(/^CMD (.)/gm)].map(([, first]) => first)).toEqual(['[', '[']);
  });

  it('sees no secret, no state and no history', () => {
    expect(read('.dockerignore').split('\n')).toEqual(
      expect.arrayContaining(['.git', '.env', '.remitflow', '**/node_modules']),
    );
  });
});

describe('docker-compose.yml', () => {
  it('has the servers, the five services with their migrations, and the bank for demonstrations alone', () => {
    const names = ['postgres', 'rabbitmq', 'provision', 'simulated-bank'];
    const services = serviceNames.flatMap((name) => [name, `${name}-migrate`]);
    expect(containers.map(([name]) => name).sort()).toEqual([...names, ...services].sort());
    expect(containers.filter(([, { profiles }]) => profiles).map(([name]) => name)).toEqual([
      'simulated-bank',
    ]);
  });

  it('opens loopback ports only, each a knob', () => {
    const ports = containers.flatMap(([, { ports: own = [] }]) => own);
    expect(ports).toHaveLength(3 + serviceNames.length);
    const knob = /^127\.0\.0\.1:\$\{REMITFLOW_\w+_PORT:-\d+(-\d+)?\}:\d+$/;
    expect(ports.filter((port) => !knob.test(port))).toEqual([]);
  });

  it('lets every service have as many containers as the command line allows processes', () => {
    const named = containers.filter(([, { container_name: name }]) => name).map(([name]) => name);
    expect(named).toEqual([]);
    const ranges = serviceNames.map((service) => {
      const { hostname, ports: [port = '', ...more] = [] } = container(service);
      expect([hostname, more]).toEqual([undefined, []]);
      const [, first, last] = /_PORT:-(\d+)-(\d+)\}:3000$/.exec(port) ?? [];
      return [Number(first), Number(last)] as const;
    });
    expect(ranges.filter(([first, last]) => last - first + 1 !== processesMax)).toEqual([]);
    const all = ranges.flatMap(([first]) =>
      Array.from({ length: processesMax }, (_, place) => first + place),
    );
    expect(new Set(all).size).toBe(serviceNames.length * processesMax);
  });

  it.each(serviceNames)(
    '%s is its own image, starts after its migration, and knows no migrator',
    (service) => {
      expect(container(service).build?.target).toBe(service);
      expect(container(service).depends_on).toMatchObject({
        [`${service}-migrate`]: { condition: 'service_completed_successfully' },
        rabbitmq: { condition: 'service_healthy' },
      });
      expect(container(`${service}-migrate`).depends_on).toEqual({
        provision: { condition: 'service_completed_successfully' },
      });
      expect(JSON.stringify(container(service).environment)).not.toContain('MIGRATOR');
      expect(container(service).environment?.['DATABASE_URL']).toMatch(
        new RegExp(`remitflow_${service}:.*/remitflow_${service}$`),
      );
    },
  );

  it('lets payout alone open account numbers', () => {
    const knowing = containers
      .filter(([, { environment }]) => environment?.['SEAL_PRIVATE_KEY'])
      .map(([name]) => name);
    expect(knowing).toEqual(['payout-migrate', 'payout']);
  });

  it('has no secret in it, and no default for one', () => {
    const values = containers.flatMap(([, { environment = {} }]) => Object.entries(environment));
    const secrets = values.filter(([name]) => /PASS|KEY/.test(name));
    expect(secrets.length).toBeGreaterThan(10);
    expect(secrets.filter(([, value]) => !/^\$\{\w+(:\?[^}]+|:-|:\+set)?\}$/.test(value))).toEqual([]);
    expect(
      [...composeText.matchAll(/:\/\/\w+:([^@]*)@/g)].filter(
        ([, password = '']) => !/^\$\{\w+(:-)?\}$/.test(password),
      ),
    ).toEqual([]);
    expect(composeText).toMatch(/POSTGRES_PASSWORD: \$\{REMITFLOW_POSTGRES_PASSWORD:\?/);
    expect(composeText).toMatch(/RABBITMQ_DEFAULT_PASS: \$\{REMITFLOW_RABBITMQ_PASSWORD:\?/);
  });

  it('asks provisioning to refuse when one of the secrets of .env.example is not set', async () => {
    const file = pathToFileURL(join(root, 'tools/provision/variables.mjs')).href;
    const { secretVariables } = (await import(file)) as { secretVariables: readonly string[] };
    const named = read('.env.example')
      .split('\n')
      .filter((line) => /^[A-Z]\w+=$/.test(line));
    expect(named).toEqual(secretVariables.map((name) => `${name}=`));
    expect(Object.keys(container('provision').environment ?? {})).toEqual(
      expect.arrayContaining([...secretVariables]),
    );
    const used = new Set([...composeText.matchAll(/\$\{(REMITFLOW_\w+)/g)].map(([, name = '']) => name));
    expect([...used].filter((name) => !read('.env.example').includes(name))).toEqual([]);
  });

  it('keeps what must last in named volumes, and the rest of each service read-only', () => {
    const mounts = containers.flatMap(([, { volumes = [] }]) =>
      volumes.map((volume) => volume.split(':')[0]),
    );
    expect(mounts.filter((name) => !name || !(name in compose.volumes))).toEqual([]);
    const ours = containers.filter(([name]) => !['postgres', 'rabbitmq'].includes(name));
    expect(ours.filter(([, one]) => one.read_only !== true || one.privileged || one.user === 'root')).toEqual(
      [],
    );
  });

  it('watches the health of whatever keeps running', () => {
    const foreign = containers.filter(
      ([name, one]) => one.restart !== 'no' && !(serviceNames as readonly string[]).includes(name),
    );
    expect(foreign.filter(([, { healthcheck }]) => !healthcheck)).toEqual([]);
  });

  it('pins every image of others by tag', () => {
    const foreign = containers
      .map(([, { image }]) => image)
      .filter((image) => !image.startsWith('remitflow/'));
    expect(foreign.filter((image) => !/^\w+:\d/.test(image))).toEqual([]);
  });
});
