/** The services that are provisioned, and the variables that docker-compose.yml takes from .env. */
export const services = ['intake', 'validation', 'payout', 'remittance', 'audit'];

export const passwordVariables = (service) => ({
  app: `REMITFLOW_${service.toUpperCase()}_DATABASE_PASSWORD`,
  migrator: `REMITFLOW_${service.toUpperCase()}_MIGRATOR_PASSWORD`,
  broker: brokerPasswordVariable(service),
});

/** Of a service's login at the broker, or of the monitor's. */
export const brokerPasswordVariable = (name) => `REMITFLOW_${name.toUpperCase()}_BROKER_PASSWORD`;

/** Every secret, in the order of .env.example. */
export const secretVariables = [
  'REMITFLOW_POSTGRES_PASSWORD',
  'REMITFLOW_RABBITMQ_PASSWORD',
  ...services.flatMap((service) => Object.values(passwordVariables(service))),
  brokerPasswordVariable('monitor'),
  'REMITFLOW_SEAL_PUBLIC_KEY',
  'REMITFLOW_SEAL_PRIVATE_KEY',
  'REMITFLOW_VALIDATION_ACCOUNT_KEYS',
  'REMITFLOW_VALIDATION_ACCOUNT_INDEX_KEY',
  'REMITFLOW_PAYOUT_ACCOUNT_KEYS',
];
