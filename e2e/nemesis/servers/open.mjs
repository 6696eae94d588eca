import { openSingle } from './single.mjs';

/** The servers of a run: one node of each, or a RabbitMQ cluster of three; `next` takes RabbitMQ 4 of the next Debian release. */
export async function openServers({ isCluster, next, ...wanted }) {
  if (!isCluster && !next) return openSingle(wanted);
  const { openCluster } = await import('../cluster/open.mjs');
  return openCluster({ ...wanted, next, count: isCluster ? 3 : 1 });
}
