import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDemoFilm } from '../../src/cli/demo/demo-film.ts'
import { type RecordedRequest, readRecording } from '../golden/recording.ts'
import { rowsOf } from './announcements.ts'
import { type PlayOptions, readPlayOptions } from './play-options.ts'
import { type PlayedSession, playSession, type SessionReport } from './play-session.ts'
import { optimiseArguments, sessionArguments, thumbnailArguments } from './session-arguments.ts'

// What `npm run stand-in:plex` runs.
const options = readPlayOptions(process.argv.slice(2), (text) => void process.stderr.write(text))
process.exitCode = typeof options === 'number' ? options : await play(options)

async function play(options: PlayOptions): Promise<number> {
  const sessions = options.keep ?? (await mkdtemp(join(tmpdir(), 'paceline-stand-in-')))
  await mkdir(sessions, { recursive: true })
  const session = randomUUID().slice(0, 8)
  const say = (text: string) => void (options.json || process.stdout.write(`${text}\n`))
  try {
    const first = await start(options, { sessions, session, startSeconds: options.start, name: '' }, say)
    const reports = [first.report]
    if (options.seek) {
      const [afterSeconds, startSeconds] = options.seek
      await sleep(afterSeconds * 1000)
      say(`Seeking to ${startSeconds} s: the new job begins, and the old one is killed.`)
      reports.push(
        (await start(options, { sessions, session, startSeconds, name: 'after the seek, ' }, say)).report,
      )
      first.process.kill()
    }
    const done = await Promise.all(reports)
    if (options.json) process.stdout.write(`${JSON.stringify(done)}\n`)
    for (const report of done) say(reportText(report))
    const isWell = done.every((report, index) => isAsWanted(report, options, index < done.length - 1))
    return isWell ? 0 : 1
  } finally {
    if (options.keep === undefined) await rm(sessions, { recursive: true, force: true })
  }
}

interface Start {
  readonly sessions: string
  readonly session: string
  readonly startSeconds: number
  /** Before each line, to tell one session from another. */
  readonly name: string
}

async function start(
  options: PlayOptions,
  where: Start,
  say: (text: string) => void,
): Promise<PlayedSession> {
  const { sessions, session, startSeconds, name } = where
  const job = randomUUID()
  const args = await argumentsOf(options, session, job, startSeconds)
  const head = options.head === undefined ? {} : { PACELINE_HEAD: options.head }
  const original = options.original === undefined ? {} : { PACELINE_ORIGINAL: options.original }
  const isStarted = name === ''
  return playSession({
    ...{ program: options.transcoder, args, mediaPath: options.film, sessions, session, job, startSeconds },
    environment: { ...head, ...original },
    throttleSeconds: isStarted ? options.throttle : undefined,
    killSeconds: options.kill,
    removeFolderSeconds: options.removeFolder,
    onRequest: tellOf(name, say),
  })
}

async function argumentsOf(
  options: PlayOptions,
  session: string,
  job: string,
  startSeconds: number,
): Promise<readonly string[]> {
  if (options.recording !== undefined) return readRecording(options.recording).args
  const film = await openDemoFilm(options.film, new AbortController().signal)
  if (options.thumbnails) return thumbnailArguments(film)
  if (options.optimise) return optimiseArguments(film, session, job)
  const { protocol, segment: segmentSeconds, oldLayout } = options
  const layout = oldLayout ? 'old' : 'new'
  return sessionArguments(film, { protocol, startSeconds, segmentSeconds, layout, session, job })
}

/** Says what comes in, but of progress only what is new in it: that it is asked to slow down, or not any more. */
function tellOf(name: string, say: (text: string) => void): (request: RecordedRequest) => void {
  const announced = new Set<string>()
  let isThrottled = false
  return ({ t, method, url, body, files, reply }) => {
    const at = `${(t / 1000).toFixed(2).padStart(8)} s  ${name}`
    const query = decodeURIComponent(url.split('?')[1] ?? '')
    if (url.includes('/log?')) return say(`${at}log: ${query}`)
    if (url.includes('/progress?progress=')) {
      if ((reply === 'canThrottle') !== isThrottled)
        say(`${at}asked for ${isThrottled ? 'more again' : 'less'}`)
      isThrottled = reply === 'canThrottle'
      return
    }
    if (files === undefined) return say(`${at}${method} ${url.split('/').at(-1)?.split('?')[0]} ${query}`)
    for (const row of rowsOf(body)) {
      if (row.open || announced.has(row.name)) continue
      announced.add(row.name)
      const bytes = new Map(files).get(row.name)
      say(
        `${at}${row.name}  ${row.times.map((time) => time.toFixed(3)).join(' ')}  ${bytes === undefined ? 'is not there' : `${bytes} bytes`}`,
      )
    }
  }
}

function isAsWanted(
  { exit, signal, problems }: SessionReport,
  options: PlayOptions,
  isKilled: boolean,
): boolean {
  if (problems.length > 0) return false
  return isKilled || options.kill !== undefined ? signal === 'SIGKILL' || exit === 0 : exit === 0
}

function reportText(report: SessionReport): string {
  const { exit, signal, milliseconds, announced, calls, files, throttled, problems, stderr } = report
  const said = stderr.trim()
  return [
    `\nThe transcoder ended after ${milliseconds} ms with ${signal ?? `exit code ${exit}`}.`,
    `Calls: ${
      Object.entries(calls)
        .map(([call, count]) => `${count} ${call}`)
        .join(', ') || 'none'
    }`,
    `Announced: ${announced.length}, the first after ${announced[0]?.t ?? '-'} ms. Files left: ${files.length}`,
    ...(throttled
      ? [`Segments a second: ${throttled.before}, and ${throttled.within} while asked for less`]
      : []),
    ...(said === '' ? [] : [`It said: ${said}`]),
    problems.length === 0 ? 'Nothing that a media server would stumble over.' : problems.join('\n'),
  ].join('\n')
}
