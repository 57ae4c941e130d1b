import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeClip } from '../clips/make-clip.ts'
import { type BuildCopy, copyBuild } from './build-copy.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { makeForeignSegments } from './foreign-film.ts'
import { type Films, runSchedule } from './run-schedule.ts'
import { describeSchedule, film, makeSchedule } from './schedule.ts'

let build: BuildCopy
let cluster: Cluster
let films: Films

beforeAll(async () => {
  const mediaPath = await makeClip({ seconds: film.seconds, size: '320x180', audio: 'aac-48000' })
  films = { mediaPath, foreignSegments: await makeForeignSegments(mediaPath) }
  build = await copyBuild()
  cluster = await startCluster(build)
})

afterAll(async () => {
  const left = await cluster?.close()
  await build?.remove()
  expect(left).toEqual([])
})

/** Few: `npm run chaos` has many. */
describe('random faults while a film is played', () => {
  // A node that is killed, then another that is frozen; `npm run chaos -- --seed 5` kills the head.
  it.each([3])(
    'seed %i: every picture comes, nothing announced changes, and nothing is left',
    async (seed) => {
      const schedule = makeSchedule(seed)
      const { problems, proofs, log } = await runSchedule(cluster, films, schedule)
      const story = [...describeSchedule(schedule), ...proofs, ...log].join('\n')
      expect(problems, story).toEqual([])
    },
  )
})
