import { connect } from 'amqplib';

export async function probeVersion(url) {
  const connection = await connect(url, { timeout: 5_000 });
  const { version } = connection.connection.serverProperties;
  await connection.close();
  return String(version);
}
