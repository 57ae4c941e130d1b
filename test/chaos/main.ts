import { makeClip } from '../clips/make-clip.ts'
import { noSmallDisk } from '../faults/small-disk.ts'
import { type BuildCopy, copyBuild } from './build-copy.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { defects } from './defects.ts'
import { makeForeignSegments } from './foreign-film.ts'
import { type ChaosOptions, readOptions } from './options.ts'
import { type Films, runSchedule, type ScheduleResult } from './run-schedule.ts'
import { describeSchedule, type FaultKind, faultKinds, film, makeSchedule } from './schedule.ts'

/** A cluster serves so many schedules; then there is a new one, so that its end is seen often, too. */
const schedulesPerCluster = 10

const mostProblemsTold = 10

const options = readOptions(process.argv.slice(2), (text) => void process.stdout.write(text))
process.exitCode = typeof options === 'number' ? options : options.list ? list(options) : await run(options)

function list({ seeds, kinds }: ChaosOptions): number {
  say(`kinds: ${faultKinds.join(', ')}`)
  for (const seed of seeds) say(describeSchedule(makeSchedule(seed, kinds)).join('\n'))
  return 0
}

async function run(given: ChaosOptions): Promise<number> {
  const noDisk = noSmallDisk()
  if (noDisk !== null) say(`without full-disk: ${noDisk}`)
  const defect = defects.find(({ name }) => name === given.defect)
  if (defect) say(`planted: ${defect.what}`)
  const began = performance.now()
  const mediaPath = await makeClip({ seconds: film.seconds, size: '320x180', audio: 'aac-48000' })
  const films = { mediaPath, foreignSegments: await makeForeignSegments(mediaPath) }
  const build = await copyBuild(defect)
  const course: Course = { options: given, films, build, next: 0, results: [], ends: [], clusters: new Set() }
  onInterrupt(course)
  try {
    await Promise.all(Array.from({ length: given.jobs }, () => work(course)))
  } finally {
    await build.remove()
  }
  return tell(course, (performance.now() - began) / 1000)
}

/** Ctrl-C leaves nothing running either. */
function onInterrupt(course: Course): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      const closed = [...course.clusters].map((cluster) => cluster.close())
      void Promise.allSettled([...closed, course.build.remove()]).then(() => process.exit(130))
    })
  }
}

function possible(kinds: readonly FaultKind[]): readonly FaultKind[] {
  return noSmallDisk() === null ? kinds : kinds.filter((kind) => kind !== 'full-disk')
}

interface Course {
  readonly options: ChaosOptions
  readonly films: Films
  readonly build: BuildCopy
  /** Index of the seed that nobody has taken yet. */
  next: number
  readonly results: ScheduleResult[]
  /** What was left of clusters that had been ended. */
  readonly ends: string[]
  /** That run now. */
  readonly clusters: Set<Cluster>
}

/** Takes one seed after the other, in clusters of its own. */
async function work(course: Course): Promise<void> {
  const { options: given, films, build } = course
  let cluster: Cluster | null = null
  let served = 0
  const close = async () => {
    if (cluster) course.ends.push(...(await cluster.close()))
    if (cluster) course.clusters.delete(cluster)
    cluster = null
    served = 0
  }
  try {
    for (;;) {
      const seed = isCaught(course) ? undefined : given.seeds[course.next++]
      if (seed === undefined) return
      cluster ??= await startCluster(build)
      course.clusters.add(cluster)
      const schedule = makeSchedule(seed, possible(given.kinds))
      const result = await runSchedule(cluster, films, schedule)
      course.results.push(result)
      served += 1
      tellOne(result, given.log)
      if (served >= schedulesPerCluster || result.problems.length > 0) await close()
    }
  } finally {
    await close()
  }
}

function isCaught({ options: given, results }: Course): boolean {
  return given.defect !== null && results.some(showsDefect)
}

/** A fault that could not be carried out says nothing of the build. */
function showsDefect({ problems }: ScheduleResult): boolean {
  return problems.some((words) => !words.includes('did not happen'))
}

function secondsText(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

function tellOne(
  { schedule, problems, proofs, log, tookMs, stalled, handedBackAt }: ScheduleResult,
  withLog: boolean,
): void {
  const stalls = stalled.player > 100 ? `, player without film for ${secondsText(stalled.player)}` : ''
  const waits = stalled.viewer > 100 ? `, a viewer in real time for ${secondsText(stalled.viewer)}` : ''
  const back = handedBackAt.length > 0 ? `, handed back at segment ${handedBackAt.join(', ')}` : ''
  const verdict = problems.length === 0 ? 'ok' : 'FAILED'
  say(
    `${describeSchedule(schedule).join('\n')}\n  ${verdict} in ${secondsText(tookMs)}${stalls}${waits}${back}`,
  )
  for (const proof of proofs) say(`  seen: ${proof}`)
  for (const problem of problems.slice(0, mostProblemsTold)) say(`  problem: ${problem}`)
  if (problems.length > mostProblemsTold) say(`  and ${problems.length - mostProblemsTold} more problems`)
  if (problems.length > 0) say(`  again: npm run chaos -- --seed ${schedule.seed}`)
  if (problems.length > 0 && withLog) say(log.join('\n'))
}

function tell({ options: given, results, ends }: Course, seconds: number): number {
  for (const words of ends) say(`left at the end: ${words}`)
  const failed = results.filter(({ problems }) => problems.length > 0)
  const minutes = `${(seconds / 60).toFixed(1)} minutes`
  if (given.defect !== null) {
    const caught = results.some(showsDefect)
    say(
      caught
        ? `caught within ${results.length} schedules, ${minutes}`
        : `NOT CAUGHT in ${results.length} schedules`,
    )
    return caught ? 0 : 1
  }
  const seeds = failed.map(({ schedule }) => schedule.seed).toSorted((one, other) => one - other)
  const which = seeds.length > 0 ? ` (seeds ${seeds.join(', ')})` : ''
  say(`${results.length - failed.length} schedules passed, ${failed.length} failed${which}, in ${minutes}`)
  return failed.length + ends.length > 0 ? 1 : 0
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
