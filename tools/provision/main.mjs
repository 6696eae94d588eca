import { provisionBroker } from '@remitflow/messaging';
import { provisionDatabase, serviceDatabase } from '@remitflow/servers';
import { passwordVariables, secretVariables, services } from './variables.mjs';

/**
 * Once before the services start: a database with two roles for each, and the broker's topology. Safe to run again.
 * Ends with 1 and the names of the variables when a secret is not set, so that nothing runs on an empty one.
 */
const missing = ['POSTGRES_ADMIN_URL', 'RABBITMQ_URL', ...secretVariables].filter(
  (name) => !process.env[name],
);
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

const { queues, bindings } = await provisionBroker(process.env.RABBITMQ_URL);
process.stdout.write(`topology: ${queues.length} queues, ${bindings.length} bindings\n`);
