const known = ['poison', 'sigterm', 'paused-postgres'];

/** One named trial instead of the storm; gives verdicts as the storm does. */
export async function runScenario(world, tell) {
  const { scenario } = world.options;
  if (!known.includes(scenario)) throw new Error(`there is no scenario ${scenario}: ${known.join(', ')}`);
  const { run } = await import(`./${scenario}.mjs`);
  return run(world, tell);
}
