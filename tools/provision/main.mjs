import { brokerLogins, provisionBroker, virtualHostOf } from '@remitflow/messaging';
import { provisionDatabase, serviceDatabase } from '@remitflow/servers';
import { brokerPasswordVariable, passwordVariables, secretVariables, services } from './variables.mjs';

/**
 * Once before the services start: a database with two roles for each, the broker's topology, and a login at the broker for
 * each. Safe to run again; says what it changed at the broker.
 * Ends with 1 and the names of the variables when a secret is not set, so that nothing runs on an empty one.
 */
const addresses = ['POSTGRES_ADMIN_URL', 'RABBITMQ_URL', 'RABBITMQ_MANAGEMENT_URL'];
const missing = [...addresses, ...secretVariables].filter((name) => !process.env[name]);
if (missing.length > 0) {
  process.stderr.write(`not set: ${missing.join(', ')}\n→ node tools/provision/secrets.mjs writes .env\n`);
  process.exit(1);
}

for (const service of services) {
  const { app, migrator } = passwordVariables(service);
  const wanted = serviceDatabase(service, { app: process.env[app], migrator: process.env[migrator] });
  const { name } = await provisionDatabase(process.env.POSTGRES_ADMIN_URL, wanted);
  process.stdout.write(`database ${name}\n`);
}

const { RABBITMQ_URL: url, RABBITMQ_MANAGEMENT_URL: managementUrl } = process.env;
const logins = brokerLogins(virtualHostOf(url), (name) => process.env[brokerPasswordVariable(name)]);
const { queues, bindings, changed } = await provisionBroker(url, { managementUrl, ...logins });
for (const sentence of changed) process.stdout.write(`${sentence}\n`);
process.stdout.write(`topology: ${queues.length} queues, ${bindings.length} bindings\n`);
