import { statSync } from 'node:fs';

/**
 * The order of the specs: the simulation first, in a worker that nothing else has filled yet, where a seed costs a quarter of
 * what it costs later; then the longest files.
 */
export default class SpecOrder {
  sort(tests) {
    const size = new Map(tests.map(({ path }) => [path, statSync(path).size]));
    const isSimulation = ({ path }) => /\/simulation\/seeds-/.test(path);
    return [...tests].sort(
      (one, other) =>
        Number(isSimulation(other)) - Number(isSimulation(one)) || size.get(other.path) - size.get(one.path),
    );
  }

  shard(tests) {
    return tests;
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
}
