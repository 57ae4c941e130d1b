import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type AssembledFragments,
  createFragmentAssembler,
  type FragmentAssembler,
} from '../../src/container/mp4/assembler.ts'
import { boundarySlot, expectedEndSegment } from '../../src/media/timeline.ts'
import { type Plan, timestampOffsetSeconds } from '../../src/plan/plan.ts'
import { collect } from '../clips/media-input.ts'
import type { Cuts, LeaseRunner, PartName } from '../seams/lease-runner.ts'

/** A representation's files, in order. */
export interface Fragments {
  readonly init: Buffer
  readonly segments: readonly Buffer[]
}

/** What a DASH session has put in place. */
export interface MadeDash {
  readonly picture: Fragments
  readonly sound: Fragments | null
  readonly made: readonly AssembledFragments[]
}

/** As many more segments as the session grants to a lease that reaches the expected end. */
const overrunSegments = 30

/** Carries out a plan's leases, cut as told, and makes the fragments of them as the head does. */
export async function makeFragments(runner: LeaseRunner, plan: Plan, cuts: Cuts): Promise<MadeDash> {
  const files = { video: new Map<number, Buffer>(), audio: new Map<number, Buffer>() }
  const parts: readonly PartName[] = plan.audio ? ['video', 'audio'] : ['video']
  for (const part of parts) {
    const starts = [plan.timeline.firstSegment, ...cuts[part]]
    for (const [index, from] of starts.entries()) {
      const to = starts[index + 1]
      const end = expectedEndSegment(plan.timeline) + overrunSegments
      const range = { from, to: to ?? end, open: to === undefined, failures: 0 }
      const made = await runner.lease(plan, part, range)
      for (const [segment, bytes] of made.files) files[part].set(segment, bytes)
    }
  }
  const assembler = createFragmentAssembler({
    rate: plan.video.rate,
    offsetSeconds: timestampOffsetSeconds(plan.packaging),
    firstNumber: plan.timeline.firstSegment,
    segmentSeconds: plan.timeline.segmentSeconds,
    soundBitrate: 256_000,
  })
  for (const number of [...files.audio.keys()].sort((a, b) => a - b)) {
    assembler.addSound(files.audio.get(number)!)
  }
  const numbers = [...files.video.keys()].sort((a, b) => a - b)
  const made = numbers.map((number) =>
    assembler.assemble(files.video.get(number)!, {
      firstSlot: boundarySlot(plan.timeline, number),
      nextSlot: number === numbers.at(-1) ? null : boundarySlot(plan.timeline, number + 1),
    }),
  )
  return { made, ...representations(assembler, made) }
}

function representations(assembler: FragmentAssembler, made: MadeDash['made']) {
  const { picture, sound } = assembler
  if (!picture) throw new Error('no pictures were made')
  return {
    picture: { init: picture.init, segments: made.map(({ picture }) => picture.bytes) },
    sound: sound && {
      init: sound.init,
      segments: made.flatMap(({ sound }) => sound.map(({ bytes }) => bytes)),
    },
  }
}

/** Options of Plex's own that stock FFmpeg lacks. */
const privateOptions = new Set(['-delete_removed', '-skip_to_segment', '-manifest_name', '-time_delta'])

/** What stock FFmpeg's DASH muxer makes of the same command line in one run: the pattern to reproduce. */
export async function referenceDash(
  args: readonly string[],
): Promise<{ picture: Fragments; sound: Fragments; manifest: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-dash-'))
  try {
    const own = args.slice(0, -1).filter((argument, index) => {
      return !privateOptions.has(argument) && !privateOptions.has(args[index - 1] ?? '')
    })
    const unlimited = own.map((argument, index) => (own[index - 1] === '-window_size' ? '0' : argument))
    await collect('ffmpeg', ['-nostdin', ...unlimited, join(folder, 'manifest.mpd')])
    const names = (await readdir(folder)).sort()
    const read = async (stream: number): Promise<Fragments> => ({
      init: await readFile(join(folder, `init-stream${stream}.m4s`)),
      segments: await Promise.all(
        names
          .filter((name) => name.startsWith(`chunk-stream${stream}-`))
          .map((name) => readFile(join(folder, name))),
      ),
    })
    const manifest = await readFile(join(folder, 'manifest.mpd'), 'utf8')
    return { picture: await read(0), sound: await read(1), manifest }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
