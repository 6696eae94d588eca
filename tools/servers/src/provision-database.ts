import pg from 'pg';

/** One service's own database with its two logins: the migrator owns the tables, the service only uses them. */
export type DatabaseWanted = {
  readonly name: string;
  readonly migrator: Login;
  readonly app: Login;
};

export type Login = { readonly role: string; readonly password: string };

export type ProvisionedDatabase = {
  readonly name: string;
  readonly migratorUrl: string;
  readonly appUrl: string;
};

/** The names every service's database follows: remitflow_<service>, with _migrator for the owner. */
export function serviceDatabase(
  service: string,
  passwords: { readonly migrator: string; readonly app: string },
): DatabaseWanted {
  const name = `remitflow_${service.replaceAll('-', '_')}`;
  return {
    name,
    migrator: { role: `${name}_migrator`, password: passwords.migrator },
    app: { role: name, password: passwords.app },
  };
}

/**
 * Makes the database and its two roles, or brings existing ones to the wanted state; no other service may connect.
 * Safe to run again and at the same time by several processes. The admin login must be allowed to create databases and roles.
 */
export async function provisionDatabase(
  adminUrl: string,
  wanted: DatabaseWanted,
): Promise<ProvisionedDatabase> {
  await asAdmin(adminUrl, async (admin) => {
    await admin.query('select pg_advisory_lock($1)', [provisioningLock]);
    await makeRole(admin, wanted.migrator);
    await makeRole(admin, wanted.app);
    await makeDatabase(admin, wanted);
    await asAdmin(withDatabase(adminUrl, wanted.name), (inside) => grantUse(inside, wanted));
  });
  return {
    name: wanted.name,
    migratorUrl: loginUrl(adminUrl, wanted.name, wanted.migrator),
    appUrl: loginUrl(adminUrl, wanted.name, wanted.app),
  };
}

/** Any constant will do; the session's end releases it. */
const provisioningLock = 7_364_839_001;

async function asAdmin(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  // A server that goes away fails the query that waits; without a listener it would end this process too.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function makeRole(admin: pg.Client, { role, password }: Login): Promise<void> {
  const known = await admin.query('select 1 from pg_roles where rolname = $1', [role]);
  const verb = known.rowCount === 0 ? 'create' : 'alter';
  await admin.query(
    `${verb} role ${admin.escapeIdentifier(role)} login password ${admin.escapeLiteral(password)}`,
  );
}

async function makeDatabase(admin: pg.Client, { name, migrator, app }: DatabaseWanted): Promise<void> {
  const [database, owner, user] = [name, migrator.role, app.role].map(pg.escapeIdentifier);
  // An admin who is no superuser may only give a database to a role it belongs to.
  await admin.query(
    `do $$ begin if not (select rolsuper from pg_roles where rolname = current_user) then grant ${owner} to current_user; end if; end $$`,
  );
  const known = await admin.query('select 1 from pg_database where datname = $1', [name]);
  if (known.rowCount === 0) {
    await admin.query(`create database ${database} owner ${owner} template template0 encoding 'UTF8'`);
  }
  await admin.query(`revoke all on database ${database} from public`);
  await admin.query(`grant connect, temporary on database ${database} to ${user}`);
}

/** What the migrator makes from now on, the service may use: rows and sequences, never the tables' shape. */
async function grantUse(inside: pg.Client, { migrator, app }: DatabaseWanted): Promise<void> {
  const [owner, user] = [migrator.role, app.role].map(pg.escapeIdentifier);
  const granted = `alter default privileges for role ${owner} grant`;
  await inside.query(`
    revoke create on schema public from public;
    grant create, usage on schema public to ${owner};
    grant usage on schema public to ${user};
    ${granted} usage on schemas to ${user};
    ${granted} select, insert, update, delete on tables to ${user};
    ${granted} usage, select on sequences to ${user};
  `);
}

function withDatabase(url: string, name: string): string {
  const inside = new URL(url);
  inside.pathname = `/${encodeURIComponent(name)}`;
  return inside.href;
}

function loginUrl(adminUrl: string, name: string, { role, password }: Login): string {
  const url = new URL(withDatabase(adminUrl, name));
  url.username = encodeURIComponent(role);
  url.password = encodeURIComponent(password);
  return url.href;
}
