import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BuildCopy, copyBuild } from '../chaos/build-copy.ts'
import { type Cluster, startCluster } from '../chaos/cluster.ts'
import { lookAtJob, whatIsLeft } from '../chaos/evidence.ts'
import { type FilmSession, playFilm as playSession } from '../chaos/film-session.ts'
import { judge } from '../chaos/judge.ts'
import { type Fault, film } from '../chaos/schedule.ts'
import { makeClip } from '../clips/make-clip.ts'
import { projectFolder } from '../fixture/paceline.ts'
import { chromiumNote, chromiumPath, startChromium } from './chromium.ts'
import { type FilmServer, startFilmServer } from './film-server.ts'
import { judgePlayback } from './judge-playback.ts'
import { playFilm } from './playback.ts'
import { filmOfSession } from './session-film.ts'
import { type Struck, strikeWhilePlaying, type Victim } from './strike-while-playing.ts'

const secondsPlayed = 45
/** The player has no more in hand than this and the segment that it loads last. */
const bufferedSeconds = 10
/**
 * The media server asks for less when so much is announced beyond a player that began with the first segment. The one in
 * the browser begins some seconds later, so that it has about 10 s in hand, and nothing more waits for it in the folder.
 */
const throttleAboveSeconds = 5

let mediaPath: string
let build: BuildCopy
let cluster: Cluster
let browser: Browser
let server: FilmServer
let plays = 0

beforeAll(async () => {
  if (chromiumPath === undefined) return
  mediaPath = await makeClip({ seconds: film.seconds, size: '320x180', audio: 'aac-48000' })
  build = await copyBuild()
  cluster = await startCluster(build)
  browser = await startChromium()
  server = await startFilmServer()
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
  const left = await cluster?.close()
  await build?.remove()
  expect(left ?? []).toEqual([])
})

interface Seen {
  /** What no slow machine can be blamed for: nothing when all is well. */
  readonly faults: readonly string[]
  readonly stalls: readonly string[]
}

/** Plays the film, does the fault, and looks at what the browser showed and at all that was announced. */
async function playWith(victim: Victim): Promise<Seen> {
  const began = performance.now()
  const name = `without-${victim ?? 'fault'}-${++plays}`
  const session = await playSession({ cluster, mediaPath, playerSpeed: 1, throttleAboveSeconds })
  const strikes: Struck[] = []
  const playback = await playFilm({
    ...{ browser, pageUrl: server.pageUrl, player: 'hls.js', bufferedSeconds, seeks: [] },
    filmUrl: server.offer(name, filmOfSession(session)),
    secondsEach: secondsPlayed,
    screenshot: join(projectFolder, '.cache', 'browsers', `${name}.png`),
    meanwhile: async (page) => {
      const struck = await strikeWhilePlaying({ page, cluster, session }, victim, secondsPlayed - 1)
      if (struck) strikes.push(struck)
    },
  })
  const struck = strikes[0] ?? null
  const made = await judgeSession(session, victim, struck, began)
  const [seen] = judgePlayback(playback, film.framesPerSecond)
  const lastSeconds = playback.stretches[0]?.frames.at(-1)?.mediaSeconds ?? 0
  if (struck) tell(victim, struck, session.announcedAtMs, made.handedBackAt)
  console.log(
    `  ${seen?.frames} frames to ${lastSeconds.toFixed(2)} s, longest gap ${Math.round(seen?.longestPauseMilliseconds ?? 0)} ms`,
  )
  const isBehind = lastSeconds < secondsPlayed - 1
  return {
    faults: [...(seen?.faults ?? ['nothing was seen']), ...playback.errors, ...made.problems],
    stalls: [
      ...[...(seen?.stalls ?? []), ...hlsStalls(struck)],
      ...(isBehind ? [`the last frame is that of ${lastSeconds.toFixed(3)} s`] : []),
    ],
  }
}

const hlsStalls = (struck: Struck | null): string[] =>
  (struck?.stalledAtSeconds ?? []).map((seconds) => `hls.js stalled at ${seconds} s`)

/** The whole film, as it was announced: each segment once and unchanged, each picture in its place, nothing left over. */
async function judgeSession(
  session: FilmSession,
  victim: Victim,
  struck: Struck | null,
  began: number,
): Promise<{ problems: string[]; handedBackAt: number[] }> {
  const { jobs, isStuck } = await session.ended
  const tookMs = performance.now() - began
  await cluster.restore()
  const left = await whatIsLeft(cluster)
  const judged = await Promise.all(jobs.map(lookAtJob))
  const fault = faultOf(victim)
  const strikes =
    fault && struck ? [{ timed: { fault, afterAnnounced: 0, delayMs: 0 }, proof: struck.proof }] : []
  const problems = judge({ jobs: judged, isStuck, strikes, left, tookMs })
  for (const { directory } of jobs) await rm(directory, { recursive: true, force: true })
  return {
    problems: struck ? problems : [...problems, 'the player never had enough in hand for the fault'],
    handedBackAt: jobs.flatMap(({ handedBackAt }) => [...handedBackAt]),
  }
}

function faultOf(victim: Victim): Fault | null {
  // Not one of the faults that the harness judges.
  if (victim === null || victim === 'shim') return null
  if (victim === 'head') return { kind: 'kill-head', backAfterMs: 0 }
  if (victim === 'nats') return { kind: 'kill-nats' }
  return { kind: 'kill-node', node: victim, backAfterMs: null }
}

function tell(
  victim: Victim,
  struck: Struck,
  announcedAtMs: readonly number[],
  handedBackAt: number[],
): void {
  const next = announcedAtMs.find((atMs) => atMs > struck.atMs)
  const waited = next === undefined ? 'never' : `after ${((next - struck.atMs) / 1000).toFixed(2)} s`
  console.log(
    [
      `${victim ?? 'control'}: ${struck.proof.how}, at ${struck.atSeconds.toFixed(2)} s`,
      `  ${struck.bufferedSeconds.toFixed(2)} s buffered, ${struck.announcedAheadSeconds.toFixed(2)} s announced ahead`,
      `  then at least ${struck.leastBufferedSeconds.toFixed(2)} s buffered; next segment announced ${waited}`,
      `  handed back at segment: ${handedBackAt.join(', ') || 'never'}`,
    ].join('\n'),
  )
}

/** A machine on which nothing goes smoothly without a fault is too busy to tell anything about one. */
async function playOnQuietMachine(victim: Victim): Promise<readonly string[]> {
  for (let again = 0; ; again += 1) {
    const { faults, stalls } = await playWith(victim)
    expect(faults).toEqual([])
    if (stalls.length === 0 || again === 2) return stalls
    console.log(`  stalls: ${stalls.join('; ')}`)
    if (victim !== null && (await playWith(null)).stalls.length === 0) return stalls
  }
}

describe.skipIf(chromiumPath === undefined)(`faults while hls.js plays${chromiumNote}`, () => {
  it('shows the film without a stall when nothing happens', async () => {
    expect(await playOnQuietMachine(null)).toEqual([])
  })

  it.each<Victim>(['node-1', 'node-2', 'node-3', 'head', 'nats'])(
    'does not stall with 10 s of film in hand when %s is killed',
    async (victim) => {
      expect(await playOnQuietMachine(victim)).toEqual([])
    },
  )

  it('stalls when nothing at all comes for longer than there is film in hand', async () => {
    const { faults, stalls } = await playWith('shim')
    expect(faults).toEqual([])
    expect(stalls.some((stall) => stall.startsWith('hls.js stalled'))).toBe(true)
  })
})
