import { crashPoints } from '../../src/ports/crash-points.ts';
import type { Life, ServiceHost } from '../service-host.ts';
import type { Fault, Scene } from './fault.ts';

/** What happens to processes. */
export const processFaults: readonly Fault[] = [
  {
    kind: 'kill',
    mostMs: 0,
    begin: (scene) =>
      someLife(scene, ({ host, life }) => {
        scene.world.journal.fault('kill', life.process.name);
        host.kill(life);
      }),
  },
  {
    kind: 'crash-at-point',
    mostMs: 5_000,
    begin: ({ world, chance }) => {
      const host = chance.pick(world.hosts)!;
      const point = chance.pick(crashPoints.filter((one) => one !== 'before-bank-record'))!;
      host.armed = { point, passes: chance.between(1, 3) };
      return () => (host.armed = undefined);
    },
  },
  {
    kind: 'terminate',
    mostMs: 0,
    begin: (scene) =>
      someLife(scene, ({ host, life }) => {
        scene.world.journal.fault('terminate', life.process.name);
        host.leave(life);
      }),
  },
  {
    kind: 'second-process',
    mostMs: 5_000,
    begin: ({ world, chance }) => {
      const host = chance.pick(world.hosts)!;
      world.journal.fault('second-process', host.service);
      const life = host.start();
      return () => host.leave(life);
    },
  },
  {
    kind: 'freeze',
    mostMs: 5_000,
    begin: (scene) =>
      someLife(scene, ({ life: { process } }) => {
        const { world, chance } = scene;
        world.journal.fault('freeze', process.name);
        process.freeze();
        const dropsLinks = (): void => {
          if (process.isRunning) return;
          for (const link of [...world.broker.links])
            if (link.process === process) link.lose('missed heartbeats');
        };
        world.time.after(chance.between(4_000, 7_000), dropsLinks);
        return () => process.thaw();
      }),
  },
  {
    kind: 'clock-skew',
    mostMs: 5_000,
    begin: (scene) =>
      someLife(scene, ({ life: { process } }) => {
        scene.world.journal.fault('clock-skew', process.name);
        process.skewMs = scene.chance.between(-600_000, 600_000);
        return () => (process.skewMs = 0);
      }),
  },
];

type Found = { readonly host: ServiceHost; readonly life: Life };

function someLife({ world, chance }: Scene, act: (found: Found) => (() => void) | void): (() => void) | void {
  const host = chance.pick(world.hosts)!;
  const life = chance.pick(host.lives);
  return life && act({ host, life });
}
