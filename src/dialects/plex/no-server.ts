import type { Command } from '../../command/command.ts'
import { lastValue } from '../../command/read-options.ts'
import { type LocalJob, localJob } from '../../plan/refusal.ts'

/** The reason why a job that has no server to report to stays local; `why` is in words. */
export function noServer(command: Command, why: string): LocalJob {
  const isNamed = lastValue(command.globals, 'progressurl') !== null
  return localJob(isNamed ? 'foreign-server' : 'no-server', why)
}
