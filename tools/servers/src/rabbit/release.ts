import { findRabbitOnMachine, type RabbitBinaries } from './rabbit-binaries.ts';
import { unpackedRabbit } from './unpacked-rabbit.ts';

export type ReleaseWanted = {
  readonly cacheDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly report: (step: string) => void;
};

/** RabbitMQ's programs without a server: those of this machine, or unpacked from the system's packages. */
export async function findRabbitRelease({ cacheDir, env, report }: ReleaseWanted): Promise<RabbitBinaries> {
  return findRabbitOnMachine(env) ?? (await unpackedRabbit(cacheDir, report));
}
