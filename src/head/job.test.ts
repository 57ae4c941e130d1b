import { describe, expect, it } from 'vitest'
import type { DoorJob } from './door/door-job.ts'
import { carryOutJob } from './job.ts'
import type { JobSources } from './job-sources.ts'
import { imaginedArguments as args } from './rehearsal.ts'

/** A shim that has come back with a job; its folder may have been closed since, and it may go while it waits. */
function returned({ isWritable = true, stays = true }) {
  const told: string[] = []
  const job = {
    ...{ args, cwd: '/transcode', uid: 1, note: 's-1 5', hands: {} },
    features: ['token', 'files', 'http', 'read', 'resume', 'return'],
    inputs: [{ argument: args.indexOf('-i') + 1, errno: 0, identity: {} }],
    folder: { isWritable },
    accept: () => stays,
    local: (reason: string) => told.push(reason) > 0,
  } as unknown as DoorJob
  const past = { discard: async () => void told.push('discarded') }
  const sources = {
    former: { take: async () => past },
    log: { info: () => undefined },
  } as unknown as JobSources
  return { told, carriedOut: carryOutJob(sources, job) }
}

describe('what an earlier head has left of a job', () => {
  it('is removed when the job is for the original now, so that its nodes stop', async () => {
    const { told, carriedOut } = returned({ isWritable: false })
    await carriedOut
    expect(told).toEqual([expect.stringContaining('folder-closed'), 'discarded'])
  })

  it('is removed when its shim has gone again before it was let in', async () => {
    const { told, carriedOut } = returned({ stays: false })
    await carriedOut
    expect(told).toEqual(['discarded'])
  })
})
