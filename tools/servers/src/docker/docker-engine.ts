import { runCommand } from '../machine/command.ts';

const answerTimeoutMs = 4_000;

/** True when a docker engine answers and the compose plugin exists; a client alone proves neither. */
export async function dockerAnswers(env: NodeJS.ProcessEnv): Promise<boolean> {
  const options = { timeoutMs: answerTimeoutMs, env };
  const engine = await runCommand('docker', ['info', '--format', '{{.ServerVersion}}'], options);
  if (engine.exitCode !== 0 || engine.stdout.trim() === '') return false;
  return (await runCommand('docker', ['compose', 'version'], options)).exitCode === 0;
}
