import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { transcoderArguments } from '../../src/cli/demo/transcoder-arguments.ts'
import { complexGraphs } from '../../src/command/filter-graphs-of.ts'
import { parseCommand } from '../../src/command/parse-command.ts'
import { resumeEdits } from '../../src/dialects/plex/resume-edits.ts'
import { understandJob } from '../../src/dialects/plex/understand-job.ts'
import { assumedMedia } from '../../src/plan/assumed-media.ts'
import { pendingOf } from '../../src/plan/pending.ts'
import { readSegmentedJob } from '../../src/plan/segmented.ts'
import { platforms } from '../../src/platforms/all.ts'
import { argumentFault } from '../../src/platforms/allowed.ts'
import { mutateText } from './mutate.ts'
import type { Random } from './random.ts'
import type { FuzzTarget } from './target.ts'

/** Command lines of media servers with a few changes, as far as the plan and what each platform makes of it. */
export const parserTarget: FuzzTarget = {
  name: 'parser',
  open: async () => {
    const lines = knownLines()
    const words = [...new Set(lines.flat())]
    return {
      step(random, keep) {
        const line = mutateLine(random, lines, words)
        keep(line)
        understand(line, random.oneIn(2))
      },
      rest: () => {},
      close: () => {},
    }
  },
}

/** Takes a line the way of a job, but for what is read from files. */
export function understand(args: readonly string[], hasToken: boolean): void {
  const understood = understandJob(args, hasToken)
  argumentFault(args)
  const command = parseCommand(args)
  complexGraphs(command)
  if ('local' in understood) return
  resumeEdits(args, { segment: 3, seconds: 9 })
  const job = readSegmentedJob(command, ...assumedMedia(command))
  if ('local' in job) return
  const cuts = { starts: [0, 900_000], decoded: [0, 900_000], frames: [250], endSlot: null }
  const plan = job.plan({ pts: 900_000, timeBase: { num: 1, den: 90_000 } }, cuts)
  pendingOf(plan)
  const from = plan.timeline.firstSegment
  for (const platform of platforms) {
    const range = { from, to: from + 2, open: false, failures: 0 }
    const compiled = [
      platform.compileVideo(plan, range),
      ...(plan.audio ? [platform.compileAudio(plan, range)] : []),
    ]
    for (const each of compiled) if ('args' in each) argumentFault(each.args)
  }
}

/** Plex's own for a film, and where they are the lines of the corpus and of the recordings. */
function knownLines(): readonly (readonly string[])[] {
  const film = {
    path: '/films/film.mkv',
    picture: { index: 0, decoder: 'h264', width: 1280, height: 720, rate: '30', language: 'und' },
    sound: { index: 1, decoder: 'aac', language: 'und' },
    durationSeconds: 60,
  }
  const own = transcoderArguments(film, 'http://127.0.0.1:32400/video/:/transcode/session/a/3')
  const shared = process.env.PACELINE_SHARED ?? resolve('../shared')
  const corpus = join(shared, 'corpus', 'dev.jsonl')
  const golden = join(shared, 'golden', 'plex')
  const lines: (readonly string[])[] = existsSync(corpus)
    ? readFileSync(corpus, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { argv: string[] }).argv)
    : []
  const recordings = existsSync(golden) ? readdirSync(golden).filter((name) => name.endsWith('.json')) : []
  for (const name of recordings) {
    const { args } = JSON.parse(readFileSync(join(golden, name), 'utf8')) as { args?: string[] }
    if (args) lines.push(args)
  }
  return [own, ...lines.map((line) => line.map(filled))]
}

const filled = (word: string) =>
  word
    .replaceAll('{PMS}', 'http://127.0.0.1:32400')
    .replaceAll('{MEDIA}', '/films/film.mkv')
    .replace(/\{[A-Z]+\}/g, '/some/where')

function mutateLine(
  random: Random,
  lines: readonly (readonly string[])[],
  words: readonly string[],
): string[] {
  let line = [...random.of(lines)]
  for (let changes = 1 + random.small(5); changes > 0; changes--) {
    const at = random.below(line.length + 1)
    const count = random.small(6)
    switch (random.below(9)) {
      case 0:
        line.splice(at, count)
        break
      case 1:
        line.splice(at, 0, random.of(words))
        break
      case 2:
        line.splice(at, 0, ...line.slice(at, at + count))
        break
      case 3:
        if (at < line.length) line[at] = random.of(words)
        break
      case 4:
        line = [...line.slice(0, at), ...random.of(lines).slice(random.below(20))]
        break
      case 5:
        if (random.oneIn(40)) {
          const many = line.slice(at, at + 1 + count)
          line = Array.from({ length: 1 + random.below(3_000) }, () => many).flat()
        }
        break
      default:
        if (at < line.length) line[at] = mutateText(random, line[at]!)
    }
  }
  return line
}
