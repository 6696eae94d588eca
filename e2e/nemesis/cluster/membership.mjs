import { manage, virtualHostOf } from '../broker/management.mjs';

const pollMs = 250;
const wholeWithinMs = 180_000;
const partitionedMs = 15_000;

/** Who is in the cluster, who leads, and what comes between them. */
export function openMembership({ nodes, wires }) {
  const others = (node) => nodes.filter((one) => one !== node);
  const around = (node) =>
    others(node).flatMap((other) => [
      wires.get(`${node.name} ${other.name}`),
      wires.get(`${other.name} ${node.name}`),
    ]);

  let mended = 0;

  const untilWhole = async () => {
    const since = Date.now();
    for (let mendedAt = since; ;) {
      const views = await Promise.all(nodes.map((node) => seenBy(node)));
      if (views.every((view) => view && view.running === nodes.length && view.partitions === 0)) return;
      if (Date.now() - since > wholeWithinMs)
        throw new Error(`the cluster is not whole: ${JSON.stringify(views)}`);
      if (Date.now() - mendedAt > partitionedMs && views.some((view) => view?.partitions)) {
        mended += 1;
        await mend(nodes, views);
        mendedAt = Date.now();
      }
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  };

  return {
    untilWhole,
    /** How often nodes had to be restarted because they stayed apart after a fault was over. */
    get mended() {
      return mended;
    },
    /** The node that leads a quorum queue now, as a node that answers knows it. */
    async leaderOf(queue) {
      const answers = await Promise.all(nodes.map((node) => leaderSeenBy(node, queue)));
      return nodes.find(({ erlangName }) => answers.includes(erlangName));
    },
    /** Cuts a node from the others: they see it go at once, or, `silent`, only find that it says nothing any more. */
    async partition(node, { silent = false } = {}) {
      for (const wire of around(node)) silent ? wire.silence() : wire.cut();
    },
    async heal() {
      for (const wire of wires.values()) wire.heal();
      await untilWhole();
    },
    /** A node that lost its disk: forgotten by the others, joined anew, and given a copy of every queue again. */
    async replace(node) {
      await node.kill();
      const [other] = others(node).filter(({ alive }) => alive);
      node.wipe();
      await other.ctl(['forget_cluster_node', node.erlangName]);
      await node.restart();
      await untilWhole();
      await other.tool('rabbitmq-queues', ['grow', node.erlangName, 'all']);
    },
  };
}

/**
 * What the manual tells an operator to do: a node that was frozen for longer than its peers waited comes back into a partition
 * that `pause_minority` leaves as it is (releases before Khepri). The node that sees the fewest others is restarted.
 */
async function mend(nodes, views) {
  const seen = views.map((view) => view?.running ?? 0);
  const alone = nodes[seen.indexOf(Math.min(...seen))];
  await alone.kill();
  await alone.restart();
}

async function seenBy(node) {
  const { status, body } = await manage(node, '/nodes?columns=name,running,partitions').catch(() => ({}));
  if (status !== 200 || !Array.isArray(body)) return undefined;
  return {
    running: body.filter((one) => one.running).length,
    partitions: body.flatMap((one) => one.partitions ?? []).length,
  };
}

async function leaderSeenBy(node, queue) {
  const path = `/queues/${encodeURIComponent(virtualHostOf(node))}/${encodeURIComponent(queue)}`;
  const { status, body } = await manage(node, path).catch(() => ({}));
  return status === 200 ? body.leader : undefined;
}
