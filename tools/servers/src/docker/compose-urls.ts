import { readFileSync } from 'node:fs';

type Environment = Readonly<Record<string, string | null>>;

/** The part of `docker compose config --format json` that tells how to log in. */
export type ComposeConfiguration = {
  readonly services: Readonly<Record<string, { readonly environment?: Environment }>>;
  readonly secrets?: Readonly<Record<string, { readonly file?: string }>>;
};

/** The admin URL of the compose file's postgres service; `published` is host:port. */
export function postgresUrl(configuration: ComposeConfiguration, published: string): string {
  const read = reader(configuration, 'postgres');
  const user = read('POSTGRES_USER') ?? 'postgres';
  const password = read('POSTGRES_PASSWORD') ?? '';
  const database = read('POSTGRES_DB') ?? user;
  return `postgres://${login(user, password)}@${published}/${encodeURIComponent(database)}`;
}

/** The AMQP and management URLs of the compose file's rabbitmq service. */
export function rabbitUrl(
  configuration: ComposeConfiguration,
  published: { readonly amqp: string; readonly management: string },
): { readonly url: string; readonly managementUrl?: string } {
  const read = reader(configuration, 'rabbitmq');
  const who = login(read('RABBITMQ_DEFAULT_USER') ?? 'guest', read('RABBITMQ_DEFAULT_PASS') ?? 'guest');
  const host = encodeURIComponent(read('RABBITMQ_DEFAULT_VHOST') ?? '/');
  const url = `amqp://${who}@${published.amqp}/${host}`;
  if (published.management === '') return { url };
  return { url, managementUrl: `http://${who}@${published.management}` };
}

/** Reads a variable, or the secret file that its _FILE form names. */
function reader(
  { services, secrets }: ComposeConfiguration,
  service: string,
): (name: string) => string | undefined {
  const environment = services[service]?.environment ?? {};
  return (name) => {
    const inContainer = environment[`${name}_FILE`];
    const file = inContainer && secrets?.[inContainer.replace('/run/secrets/', '')]?.file;
    return environment[name] ?? (file ? readFileSync(file, 'utf8').trim() : undefined);
  };
}

function login(user: string, password: string): string {
  return `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
}
