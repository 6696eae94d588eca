import { stopRecordedProcesses, stopServers } from '@remitflow/servers';
import { statePaths } from '../project.ts';
import { forgetInstance } from './instance.ts';

/** Stops the services, the bank and the servers that any run has left in the state folder. */
export async function bringDown(): Promise<void> {
  const { state } = statePaths();
  await stopRecordedProcesses(state);
  await stopServers(state);
  forgetInstance();
}
