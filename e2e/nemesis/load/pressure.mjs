import { serviceNames } from '@remitflow/kernel';
import { queueOf } from '@remitflow/messaging';
import { repeat } from '../waiting.mjs';

/** Messages in the deepest queue at which the lanes hold back: a client that sees no end of its work sends no more. */
const highMessages = 150;
const lookEveryMs = 1_000;

/** Whether the machine carries the load it has: faults and a busy computer decide how much that is. */
export function feelPressure({ probe, signal }) {
  const pressure = { isHigh: false };
  const look = async () => {
    const looks = await Promise.all(serviceNames.map((service) => probe.look(queueOf(service))));
    pressure.isHigh = looks.some((seen) => seen !== undefined && seen.ready > highMessages);
  };
  void repeat(look, { everyMs: lookEveryMs, signal });
  return pressure;
}
