import { readFileSync } from 'node:fs';
import { serviceNames } from '@remitflow/contracts';
import { ask } from '../http.mjs';
import { repeat } from '../waiting.mjs';

const everyMs = 1_000;
/** A dead connection is known after two missed heartbeats on either side; beyond this, somebody believes in a ghost. */
const idleReadyMostMs = 15_000;
export const rssMostMb = 400;

/** Looks at every service each second while everything is being broken: says it is ready, does it consume, how large is it? */
export function takeSamples({ instance, probe, holding, signal }) {
  const seen = { ready: 0, samples: 0, idle: [], rss: [], peakRssMb: {} };
  const idleSince = new Map();

  const look = async (service) => {
    const { url, process: one } = instance.services[service];
    noteRss(seen, service, one.pid);
    const before = Date.now();
    const { status } = await ask(`${url}/health/ready`, { timeoutMs: 2_000 });
    const queue = await probe.look(`remitflow.${service}`);
    seen.samples += 1;
    const consumers = queue && queue.consumers - (holding.has(`remitflow.${service}`) ? 1 : 0);
    if (status !== 200 || consumers === undefined || consumers > 0) return void idleSince.delete(service);
    seen.ready += 1;
    if (!idleSince.has(service)) idleSince.set(service, before);
    const idleMs = Date.now() - idleSince.get(service);
    if (idleMs > idleReadyMostMs)
      seen.idle.push(`${service} said for ${idleMs} ms that it was ready and had no consumer`);
  };
  const running = repeat(() => Promise.all(serviceNames.map(look)), { everyMs, signal });
  return { seen, running };
}

function noteRss(seen, service, pid) {
  if (pid === undefined) return;
  try {
    const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    const mb = Math.round(Number(kilobytes?.[1] ?? 0) / 1024);
    seen.peakRssMb[service] = Math.max(seen.peakRssMb[service] ?? 0, mb);
  } catch {
    // It ended a moment ago.
  }
}

export const readyMeansConsuming = {
  name: 'ready-means-consuming',
  isSafety: true,
  check: async ({ samples }) => ({
    checked: samples.seen.samples,
    violations: samples.seen.idle.slice(0, 20),
  }),
};

export const rssBounded = {
  name: 'rss-bounded',
  isSafety: true,
  check: async ({ samples: { seen } }) => ({
    checked: seen.samples,
    violations: Object.entries(seen.peakRssMb)
      .filter(([, mb]) => mb > rssMostMb)
      .map(([service, mb]) => `${service} took ${mb} MB, ${rssMostMb} MB are allowed`),
  }),
};
