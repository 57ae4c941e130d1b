import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDemoFilm } from '../../src/cli/demo/demo-film.ts'
import { makeClip } from '../clips/make-clip.ts'
import { projectFolder, type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { chromiumNote, chromiumPath, startChromium } from './chromium.ts'
import { type FilmServer, startFilmServer } from './film-server.ts'
import { judgePlayback } from './judge-playback.ts'
import { makePlainFilm } from './plain-film.ts'
import { type Playback, type PlayerName, playFilm } from './playback.ts'
import { PlexFilm, type PlexFilmOrder } from './plex-film.ts'

const framesPerSecond = 25
const segmentSeconds = 2
const durationSeconds = 240
const seeks = [121.3, 40.7, 190.2]
const screenshots = join(projectFolder, '.cache', 'browsers')

let paceline: RunningPaceline
let sessions: string
let film: PlexFilmOrder['film']
let browser: Browser
let server: FilmServer

beforeAll(async () => {
  if (chromiumPath === undefined) return
  // Seams in all that is played: no lease makes more than two segments.
  paceline = await startPaceline({ nodes: 2, environment: { PACELINE_MAX_LEASE_SEGMENTS: '2' } })
  sessions = await mkdtemp(join(tmpdir(), 'paceline-browsers-'))
  const clip = await makeClip({ seconds: durationSeconds, size: '384x216', audio: 'aac-48000' })
  film = { ...(await openDemoFilm(clip, AbortSignal.timeout(60_000))), durationSeconds }
  browser = await startChromium()
  server = await startFilmServer()
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
  await paceline?.stop()
  if (sessions) await rm(sessions, { recursive: true, force: true })
})

async function play(player: PlayerName, filmUrl: string, name: string): Promise<Playback> {
  const screenshot = join(screenshots, `${name}.png`)
  const order = { browser, pageUrl: server.pageUrl, player, filmUrl, seeks, secondsEach: 5, screenshot }
  const playback = await playFilm(order)
  console.log(`${name}: ${screenshot}`)
  for (const { fromSeconds, frames, longestPauseMilliseconds } of judgePlayback(playback, framesPerSecond))
    console.log(
      `  from ${fromSeconds} s: ${frames} frames, at most ${Math.round(longestPauseMilliseconds)} ms`,
    )
  return playback
}

const stallsIn = (playback: Playback) =>
  judgePlayback(playback, framesPerSecond).flatMap(({ stalls }) => stalls)

/** What is wrong however slow the machine is. */
function expectRight(playback: Playback): void {
  const faults = judgePlayback(playback, framesPerSecond).flatMap(({ faults }) => faults)
  expect([faults, playback.errors]).toEqual([[], []])
}

interface Row {
  readonly player: PlayerName
  readonly protocol: 'hls' | 'dash'
}

/** What plain FFmpeg has packed, and then what two nodes make: the stalls in each. */
async function playBoth({ player, protocol }: Row): Promise<{ plain: string[]; made: string[] }> {
  const name = `${player.toLowerCase().replaceAll(/\W/g, '-')}-${protocol}`
  const plain = await makePlainFilm(protocol, film.path, segmentSeconds)
  const control = await play(player, server.offer(`plain-${name}`, plain), `${name}-plain`)
  await plain.remove()
  expectRight(control)

  const made = new PlexFilm({ paceline, protocol, film, segmentSeconds, sessions })
  const playback = await play(player, server.offer(name, made), name).finally(() => made.close())
  expectRight(playback)
  expect(made.problems).toEqual([])
  expect(made.beginnings).toHaveLength(1 + seeks.length)
  expect([...made.nodes]).toHaveLength(2)
  return { plain: stallsIn(control), made: stallsIn(playback) }
}

describe.skipIf(chromiumPath === undefined)(`films in a browser${chromiumNote}`, () => {
  it.each<Row>([
    { player: 'hls.js', protocol: 'hls' },
    { player: 'Shaka Player', protocol: 'dash' },
    { player: 'Shaka Player', protocol: 'hls' },
  ])('$player plays $protocol of two nodes from the start and across three seeks', async (row) => {
    // A machine on which plain files stall is too busy to tell anything about others.
    let stalls = await playBoth(row)
    for (let again = 0; again < 3 && stalls.plain.length > 0; again += 1) {
      console.log(`stalls: ${JSON.stringify(stalls)}; once more`)
      stalls = await playBoth(row)
    }
    expect(stalls).toEqual({ plain: [], made: [] })
  })
})
