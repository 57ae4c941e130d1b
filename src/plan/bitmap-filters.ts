import type { Filter } from '../command/filter-graph.ts'
import { wordTable } from '../command/word-table.ts'
import { type BurntStream, bitmapCodecs } from './burn-filters.ts'
import { oneOf, plainValue } from './filter-values.ts'
import { type Line, namedArguments } from './linear-graph.ts'
import { pictureOperations } from './operations.ts'
import type { BurntBitmaps, PictureOperation } from './plan.ts'
import { NotPlannable } from './refusal.ts'

/** Overlays of any chip. */
export const overlayNames: ReadonlySet<string> = new Set(
  ['', '_vaapi', '_cuda', '_qsv', '_opencl', '_vulkan', '_rkrga', '_videotoolbox', '_vt'].map(
    (chip) => `overlay${chip}`,
  ),
)

/** Arguments of overlays on some chips, which say in what way and not what is seen. */
const manners = ['alpha_format', 'afbc', 'shortest', 'extra_hw_frames']

/** The meaning of an overlay whose side line comes from a stream of bitmaps. */
export function burntBitmaps(
  filter: Filter,
  side: Line,
  burnt: BurntStream,
  canvasSize: string | null,
): BurntBitmaps {
  const codec = burnt.stream.codec ?? ''
  if (burnt.stream.kind !== 'subtitle' || !bitmapCodecs.has(codec)) {
    throw new NotPlannable('burn-kind', `${codec || burnt.stream.kind} as bitmaps`)
  }
  const values = overlayArguments(filter, burnt.ref.input === 0)
  // Decoders of bitmaps give colours as they are, not weakened by how much of them is seen.
  for (const name of ['alpha', 'alpha_format']) oneOf(values.get(name) ?? 'straight', ['straight', 'auto'])
  const [x, y] = [values.get('x'), values.get('y')]
  return {
    ...{ kind: 'burn-bitmaps', source: burnt.ref, pacedBy: burnt.pacedBy },
    ...canvasOf(side, values.get('w'), values.get('h')),
    ...(canvasSize !== null && { canvasSize }),
    ...(x !== undefined && { x: plainValue(x) }),
    ...(y !== undefined && { y: plainValue(y) }),
  }
}

/**
 * An overlay's arguments by name; throws NotPlannable for a way of laying over that a plan does not have.
 * @param endWithFilm whether what is laid over ends with the film, being in its file: it may stop the film then.
 */
export function overlayArguments(filter: Filter, endWithFilm: boolean): ReadonlyMap<string, string> {
  const known = ['x', 'y', 'w', 'h', 'eof_action', 'repeatlast', 'format', 'alpha', ...manners]
  const values = namedArguments(filter, known, ['x', 'y'])
  for (const [name, usual] of Object.entries(usualOverlay)) {
    const value = values.get(name) ?? usual[0]!
    const stopsLate = endWithFilm && name === 'eof_action' && value === 'endall'
    if (!usual.includes(value) && !stopsLate) {
      throw new NotPlannable('filter-value', `the filter ${filter.name} with ${name}=${values.get(name)}`)
    }
  }
  return values
}

/** Only ways in which the picture goes on when the subtitles end. */
const usualOverlay = wordTable<readonly string[]>({
  eof_action: ['repeat', 'pass'],
  repeatlast: ['1', '0'],
  // FFmpeg feeds bitmaps on as long as the film lasts.
  shortest: ['0', '1'],
  format: ['auto', 'yuv420', 'yuv420p10', 'nv12', 'p010', 'yuv420p'],
  alpha: ['auto', 'straight', 'premultiplied'],
  alpha_format: ['straight', 'premultiplied'],
})

type Canvas = Pick<BurntBitmaps, 'size' | 'canvas'>

/** What is done to the subtitles before they are laid over: one size, or several steps. */
function canvasOf(side: Line, width: string | undefined, height: string | undefined): Canvas {
  const operations = side.steps.flatMap((step) => {
    if (step.side) throw new NotPlannable('graph-shape', 'subtitles that others are laid over')
    return pictureOperations(step.filter)
  })
  const strange = operations.find(({ kind }) => !['scale', 'crop', 'pad', 'format'].includes(kind))
  if (strange) throw new NotPlannable('filter-value', 'subtitles that are changed before')
  const steps = operations.filter((operation) => operation.kind !== 'format' && !isIdleCrop(operation))
  // Some chips scale while they lay over.
  if (width !== undefined && height !== undefined && !endsAs(steps, width, height)) {
    steps.push({ kind: 'scale', width: plainValue(width), height: plainValue(height) })
  }
  const plain = steps.filter((step, index) => !isRepeated(step, steps[index - 1]))
  const [scale, ...more] = plain
  if (!scale) return {}
  const isOneSize = more.length === 0 && scale.kind === 'scale' && scale.flags === undefined
  return isOneSize ? { size: { width: scale.width, height: scale.height } } : { canvas: plain }
}

function isIdleCrop(operation: PictureOperation): boolean {
  if (operation.kind !== 'crop') return false
  return operation.width === 'iw' && operation.height === 'ih' && !operation.x && !operation.y
}

function endsAs(steps: readonly PictureOperation[], width: string, height: string): boolean {
  const last = steps.at(-1)
  return (last?.kind === 'scale' || last?.kind === 'crop') && last.width === width && last.height === height
}

/** The sides that a step before has left already. */
function isRepeated(step: PictureOperation, before: PictureOperation | undefined): boolean {
  if (step.kind !== 'scale' || (before?.kind !== 'crop' && before?.kind !== 'scale')) return false
  return /^\d+$/.test(step.width) && step.width === before.width && step.height === before.height
}
