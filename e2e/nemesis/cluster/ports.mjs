import { isPortFree } from '@remitflow/servers';

/** Below what the system gives to outgoing connections, one of which would take the port of a server while it is down. */
const [lowest, highest] = [15_000, 32_000];

/** A free port for each name, that stays free while its server is restarted. */
export async function lastingPorts(names) {
  const chosen = new Map();
  const taken = new Set();
  for (const name of names) {
    let port;
    do port = lowest + Math.floor(Math.random() * (highest - lowest));
    while (taken.has(port) || !(await isPortFree(port)));
    taken.add(port);
    chosen.set(name, port);
  }
  return Object.fromEntries(chosen);
}
