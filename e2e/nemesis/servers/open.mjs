import { openSingle } from './single.mjs';

/** The servers of a run: one node of each, or a RabbitMQ cluster of three. */
export async function openServers({ isCluster, ...wanted }) {
  if (!isCluster) return openSingle(wanted);
  const { openCluster } = await import('../cluster/open.mjs');
  return openCluster(wanted);
}
