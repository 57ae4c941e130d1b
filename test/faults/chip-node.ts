import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ProvedCapabilities } from '../../src/node/capability-desk.ts'
import { runNode } from '../../src/node/main.ts'
import type { Capabilities } from '../../src/platforms/capabilities.ts'
import { debianFacts } from '../../src/platforms/ffmpeg-words.ts'
import { Intruder } from '../attacks/intruder.ts'
import type { RunningPaceline } from '../fixture/paceline.ts'
import { proving } from './proving.ts'

/** What an NVIDIA card can do that takes films of tests. */
export const cardCapabilities: Capabilities = {
  ...{ fingerprint: 'a card of a test', ffmpeg: debianFacts },
  decoders: [{ name: 'nvdec', codec: 'h264', bits: 8, framesPerSecond: 400 }],
  filters: ['scale_cuda'],
  encoders: [{ name: 'h264_nvenc', bits: 8, framesPerSecond: 400 }],
}

/**
 * The same for tests that are not about speed: a machine that is busy with others is slower than real time, and would be
 * taken for a card that is slower than it was proved to be. It is noticed below a quarter of this.
 */
export const modestCard: Capabilities = {
  ...cardCapabilities,
  decoders: cardCapabilities.decoders.map((decoder) => ({ ...decoder, framesPerSecond: 40 })),
  encoders: cardCapabilities.encoders.map((encoder) => ({ ...encoder, framesPerSecond: 40 })),
}

/**
 * Goes once round the arguments and makes those for an NVIDIA card ones for this machine. `decode`, `filter` and `encode`
 * are then 1 where the card would have done it.
 */
const onThisMachine = `
decode=0 filter=0 encode=0
count=$#
while [ $count -gt 0 ]; do
  word=$1; shift; count=$((count - 1))
  case $word in
  -init_hw_device|-filter_hw_device|-hwaccel_output_format|-hwaccel_device|-extra_hw_frames) shift; count=$((count - 1)) ;;
  -hwaccel) decode=1; shift; count=$((count - 1)) ;;
  -rc|-cq|-forced-idr) shift; count=$((count - 1)) ;;
  h264_nvenc) encode=1; set -- "$@" libx264 -crf 23 ;;
  p1) set -- "$@" ultrafast ;;
  *scale_cuda*) filter=1
    set -- "$@" "$(printf %s "$word" | sed 's/scale_cuda=/scale=/; s/,hwdownload,format=pix_fmts=nv12//; s/,hwupload//')" ;;
  *hwdownload*) set -- "$@" "$(printf %s "$word" | sed 's/,hwdownload,format=pix_fmts=nv12//')" ;;
  *) set -- "$@" "$word" ;;
  esac
done
`

/** Part of a card that is broken, and how: shell, with what onThisMachine has found out. */
export const cardFaults = {
  nothing: '',
  'the encoder dies after some pictures': `
if [ $encode = 1 ]; then
  ffmpeg -readrate 4 "$@" & sleep 0.6; kill -SEGV $!; wait $!; exit $?
fi`,
  'the decoder cannot': 'if [ $decode = 1 ]; then echo "Failed setup for format cuda" >&2; exit 187; fi',
  'the filter makes pictures of another size': `
if [ $filter = 1 ]; then
  for word; do
    shift; set -- "$@" "$(printf %s "$word" | sed 's/scale=w=[0-9]*/scale=w=160/')"
  done
fi`,
  'the encoder hangs': `
if [ $encode = 1 ]; then
  ffmpeg -readrate 4 "$@" & sleep 0.8; kill -STOP $!; wait $!; exit $?
fi`,
  'the encoder makes black pictures': `
if [ $encode = 1 ]; then
  for word; do
    shift; set -- "$@" "$(printf %s "$word" | sed 's/^fps=.*/&,drawbox=t=fill:color=black/')"
  done
fi`,
  'the encoder is slower than it was proved to be': 'if [ $encode = 1 ]; then set -- -readrate 0.4 "$@"; fi',
} as const

/** A node in this process, whose ffmpeg acts as if there were a card. */
export interface ChipNode {
  /** Every rung that its ffmpeg was started on, as `decode filter encode` with 0 and 1. */
  starts(): Promise<readonly string[]>
  /** How often the head had it prove itself. */
  readonly proofs: number
  close(): Promise<void>
}

/** Starts one and waits until the head has heard what it has proved. */
export async function startChipNode(
  paceline: RunningPaceline,
  name: string,
  fault: keyof typeof cardFaults,
  capabilities: Capabilities = cardCapabilities,
): Promise<ChipNode> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-chip-'))
  const ffmpeg = join(folder, 'ffmpeg')
  const starts = join(folder, 'starts')
  const noted = `case "$*" in *libx264*) echo "$decode $filter $encode" >>'${starts}' ;; esac`
  const script = [proving, onThisMachine, noted, cardFaults[fault], 'exec ffmpeg "$@"'].join('\n')
  await writeFile(ffmpeg, `#!/bin/sh\n${script}\n`)
  await chmod(ffmpeg, 0o755)
  const token = await (await Intruder.at(paceline)).token({ name })
  const stop = new AbortController()
  let proofs = 0
  const source: ProvedCapabilities = {
    current: () => new Map([['nvidia', capabilities]]),
    onChange: () => {},
    async prove() {
      proofs += 1
    },
  }
  const ended = runNode({ token, folder, name, ffmpeg, capabilities: source, signal: stop.signal })
  const listed = async (): Promise<readonly string[] | undefined> => {
    const { stdout } = await paceline.run('status', '--json')
    const { nodes } = JSON.parse(stdout) as { nodes: { name: string; platforms: string[] }[] }
    return nodes.find((node) => node.name === name)?.platforms
  }
  while (!(await listed())?.includes('nvidia')) await sleep(50)
  return {
    starts: async () => (await readFile(starts, 'utf8').catch(() => '')).trim().split('\n'),
    get proofs() {
      return proofs
    },
    async close() {
      stop.abort()
      await ended
      // Until it is missed it would be given work.
      while ((await listed()) !== undefined) await sleep(100)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
