import { framesPerSecond } from './hdr-film.ts'

/** All that is known of a session when it is over. */
export interface ChipEvidence {
  readonly exit: number | null
  /** Pictures and segments that the film has. */
  readonly wanted: { readonly frames: number; readonly segments: number }
  /** Numbers of the announced segments, in order. */
  readonly announced: readonly number[]
  /** By segment: the name of the node that made it. */
  readonly makers: Readonly<Record<number, string>>
  /** By node: in which ways it made pictures. */
  readonly ways: Readonly<Record<string, readonly string[]>>
  /** In showing order: the number read from the picture, and its time in ticks of a 90000th since the first. */
  readonly frames: readonly { readonly number: number; readonly ticks: number }[]
  /** Steps between packets of sound that are not the length of one. */
  readonly oddSoundSteps: readonly string[]
  /** By segment: how near its pictures are to what the processor makes of the film, see likenessOf. */
  readonly likeness: readonly number[]
  /** Filters that the node with the chip has proved. */
  readonly filters: readonly string[]
  /** What the media server stumbled over. */
  readonly problems: readonly string[]
  /** All that head and nodes said. */
  readonly log: string
}

/** Who has to have taken part, and how. */
export interface Expected {
  readonly chipNode: string
  /** A way of the chip, e.g. `nvidia:decode-filter`. */
  readonly way: string
  /** What it has to have proved of its filters: the best tone map that there is is taken. */
  readonly filter: string
  readonly softwareNodes: readonly string[]
}

/** Decibels: a chip's worst picture may be so much further from the film than the processor's worst, */
const mostUnlike = 3
/** or whatever it is where it is as near as this: scalers differ, and nobody sees it. */
const nearEnough = 35

/** Segments that another node made than the one before them. */
export function seamsOf({ makers, wanted }: Pick<ChipEvidence, 'makers' | 'wanted'>): readonly number[] {
  const later = Array.from({ length: Math.max(0, wanted.segments - 1) }, (_, index) => index + 1)
  return later.filter((segment) => makers[segment] !== makers[segment - 1])
}

/** What is wrong, a sentence each; nothing when the session was seamless and made as it should be. */
export function judge(evidence: ChipEvidence, expected: Expected): readonly string[] {
  return [...judgeViewer(evidence), ...judgeMakers(evidence, expected), ...judgeLikeness(evidence, expected)]
}

function judgeViewer(evidence: ChipEvidence): string[] {
  const { exit, wanted, announced, frames, oddSoundSteps, problems } = evidence
  const ticks = 90_000 / framesPerSecond
  const wrong = frames.findIndex(({ number }, index) => number !== index)
  const late = frames.findIndex((frame, index) => frame.ticks !== index * ticks)
  return [
    ...(exit === 0 ? [] : [`the job ended with ${exit}`]),
    ...(announced.join() === Array.from({ length: wanted.segments }, (_, segment) => segment).join()
      ? []
      : [`announced were ${announced.join(' ')}, not 0 to ${wanted.segments - 1}`]),
    ...(frames.length === wanted.frames ? [] : [`${frames.length} pictures, not ${wanted.frames}`]),
    ...(wrong < 0 ? [] : [`picture ${frames[wrong]!.number} stands in the place of ${wrong}`]),
    ...(late < 0 ? [] : [`picture ${late} is at ${frames[late]!.ticks} ticks, not ${late * ticks}`]),
    ...oddSoundSteps.map((step) => `a step in the sound: ${step}`),
    ...problems,
  ]
}

function judgeMakers({ makers, ways, wanted, log, filters }: ChipEvidence, expected: Expected): string[] {
  const { chipNode, way, filter, softwareNodes } = expected
  const made = (node: string) => Object.values(makers).filter((maker) => maker === node).length
  const idle = [chipNode, ...softwareNodes].filter((node) => made(node) === 0)
  const onChip = softwareNodes.filter((node) => ways[node]?.some((each) => each.includes(':')))
  const unknown = Array.from({ length: wanted.segments }, (_, segment) => segment).filter(
    (segment) => makers[segment] === undefined,
  )
  return [
    ...idle.map((node) => `${node} made no segment`),
    ...(unknown.length === 0 ? [] : [`nobody is known to have made ${unknown.join(' ')}`]),
    ...(ways[chipNode]?.includes(way)
      ? []
      : [`${chipNode} made pictures by ${ways[chipNode]?.join() || 'nothing'}, not ${way}`]),
    ...onChip.map((node) => `${node} made pictures on a chip: ${ways[node]!.join()}`),
    ...(filters.includes(filter) ? [] : [`${chipNode} has not proved ${filter}`]),
    ...(log.includes(way) ? [] : [`the log does not say ${way}`]),
  ]
}

/** What changes where nodes take over is what their pictures differ by: the chip's are as near to the film as the others'. */
function judgeLikeness({ likeness, makers, wanted }: ChipEvidence, { chipNode }: Expected): string[] {
  if (likeness.length !== wanted.segments)
    return [`${likeness.length} segments were compared, not ${wanted.segments}`]
  const worst = (isChip: boolean): number =>
    Math.min(...likeness.filter((_, segment) => (makers[segment] === chipNode) === isChip))
  const [onChip, onProcessor] = [worst(true), worst(false)]
  if (onChip >= Math.min(nearEnough, onProcessor - mostUnlike)) return []
  return [`the chip's pictures are ${onChip} dB from the film, the processor's ${onProcessor}`]
}
