import { toNumber } from '../media/rational.ts'
import type { Plan } from '../plan/plan.ts'
import { platforms } from './all.ts'
import type { Capabilities } from './capabilities.ts'
import { chips } from './chips.ts'
import { sessionLook } from './encoder-look.ts'
import type { Compiled, LeaseRange, Platform } from './platform.ts'
import { type RungName, rungs } from './rungs.ts'

/** One way in which a node can make the pictures of a plan. */
export interface Way {
  readonly platform: Platform
  /** Missing on platforms that have one way only. */
  readonly rung?: RungName
  /** See {@link sessionLook}. */
  readonly look: string
  /** Whether the chip makes the streams. */
  readonly chipEncodes: boolean
  /** All that it uses the chip for. */
  readonly uses: readonly ChipPart[]
  /** Pictures of the plan in a second as far as the chip's part was proved to go; null where that is not known. */
  readonly framesPerSecond: number | null
}

export type ChipPart = 'decode' | 'filter' | 'encode'

/** What a node has proved, by the names of platforms. */
export type ProvedPlatforms = ReadonlyMap<string, Capabilities>

const chipNames: ReadonlySet<string> = new Set(chips.map(({ name }) => name))

/** Whether leases of a platform are compiled from what a node has proved: nothing is asked of a chip before that is known. */
export function needsCapabilities(platform: string): boolean {
  return chipNames.has(platform)
}

/** The least that can be leased: which ways there are does not depend on how much is made. */
const oneSegment = ({ timeline: { firstSegment } }: Plan): LeaseRange => ({
  ...{ from: firstSegment, to: firstSegment + 1, open: false, failures: 0 },
})

/** The ways of a platform on a node that has proved this of it, best first. The processor's own are another platform's. */
export function waysOf(plan: Plan, platform: Platform, capabilities?: Capabilities): readonly Way[] {
  if (!platform.suits(plan)) return []
  if (!capabilities && needsCapabilities(platform.name)) return []
  const compiled = platform.ladder(plan, oneSegment(plan), capabilities ? { capabilities } : {})
  return compiled
    .filter(({ rung }) => rung !== 'software')
    .map((lease): Way => {
      const { rung } = lease
      const done = rungs.find(({ name }) => name === rung)
      const uses = (['decode', 'filter', 'encode'] as const).filter((part) => done?.[part])
      const [decode, encode] = [uses.includes('decode'), uses.includes('encode')]
      return {
        ...{ platform, look: sessionLook(plan, lease), chipEncodes: encode, uses },
        ...(rung !== undefined && { rung }),
        framesPerSecond: capabilities
          ? provedSpeed(plan, capabilities, { decode, encode }, encoderOf(lease.args))
          : null,
      }
    })
}

/** The arguments of a lease by one way alone. */
export function compileWay(
  plan: Plan,
  range: LeaseRange,
  { platform, rung }: Pick<Way, 'platform' | 'rung'>,
  capabilities?: Capabilities,
): Compiled {
  const left = rung === undefined ? [] : rungs.map(({ name }) => name).filter((name) => name !== rung)
  return platform.compileVideo(plan, range, { left, ...(capabilities && { capabilities }) })
}

/** Platforms of those that a node announces, best first. */
export function knownPlatforms(names: readonly string[]): readonly Platform[] {
  return platforms.filter(({ name }) => names.includes(name))
}

const provedPixels = 1920 * 1080

/** Decoder and encoder of a chip run side by side: the slower one counts, each for the pixels that it has to do with. */
function provedSpeed(
  { video }: Plan,
  capabilities: Capabilities,
  { decode, encode }: { readonly decode: boolean; readonly encode: boolean },
  encoder: string | undefined,
): number | null {
  const source = video.size ? video.size.width * video.size.height : provedPixels
  const scale = video.operations.findLast(({ kind }) => kind === 'scale')
  const told = scale?.kind === 'scale' ? Number(scale.width) * Number(scale.height) : source
  const made = told > 0 ? told : source
  const decoding = capabilities.decoders
    .filter(({ codec, bits }) => codec === video.decoded?.codec && bits === video.decoded.bits)
    .map(({ framesPerSecond }) => framesPerSecond ?? null)
  const encoding = capabilities.encoders
    .filter(({ name }) => name === encoder)
    .map(({ framesPerSecond }) => framesPerSecond ?? null)
  const speeds = [
    ...(decode ? [scaled(most(decoding), source)] : []),
    ...(encode ? [scaled(most(encoding), made)] : []),
  ].filter((speed) => speed !== null)
  return speeds.length === 0 ? null : Math.min(...speeds)
}

function most(speeds: readonly (number | null)[]): number | null {
  const known = speeds.filter((speed) => speed !== null)
  return known.length === 0 ? null : Math.max(...known)
}

const scaled = (framesPerSecond: number | null, pixels: number): number | null =>
  framesPerSecond === null ? null : (framesPerSecond * provedPixels) / pixels

const encoderOf = (args: readonly string[]): string | undefined => args[args.indexOf('-c:v') + 1]

/** Pictures a second that keep a stream in real time. */
export function realTime({ video }: Plan): number {
  return toNumber(video.rate)
}
