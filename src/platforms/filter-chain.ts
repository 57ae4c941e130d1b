import type { PictureOperation } from '../plan/plan.ts'
import type { Capabilities } from './capabilities.ts'
import type { ChipEncoder, ChipSurface, Depth, Surface } from './chip.ts'
import type { ProcessorFilters } from './processor-filters.ts'

/** The filters of a lease in the making: told in order what is to be done, it knows where the pictures lie. */
export interface FilterChain {
  /** Filters that look at times and never at pixels: they pass frames of any chip. */
  timing(...filters: readonly string[]): void
  operation(operation: PictureOperation): void
  /** Every picture as large as that. */
  resize(width: number, height: number): void
  toMemory(): void
  toEncoder(): void
  /** The filters since the last time. */
  take(): readonly string[]
}

/** Everything in the processor's memory. */
export function processorChain({ filter }: ProcessorFilters): FilterChain {
  let filters: string[] = []
  return {
    timing: (...more) => filters.push(...more),
    operation: (operation) => filters.push(filter(operation)),
    resize: (width, height) => filters.push(`scale=w=${width}:h=${height}`),
    toMemory: () => {},
    toEncoder: () => {},
    take() {
      const taken = filters
      filters = []
      return taken
    },
  }
}

/** Where the pictures of a lease come from, where they are worked on, and where they go. */
export interface ChipRoute {
  readonly capabilities: Capabilities
  /** Where the decoder puts them. */
  readonly from: Surface
  readonly depth: Depth
  /** The chip's filters, where it is to use them. */
  readonly chip: ChipSurface | null
  /** Whether operations are done on the chip as long as it can. */
  readonly filtersOnChip: boolean
  /** Null for an encoder on the processor. */
  readonly encoder: ChipEncoder | null
  /** What the encoder is to get. */
  readonly wanted: Depth
  readonly processor: ProcessorFilters
}

/**
 * Pictures stay on the chip as long as it can do what is to be done; for the first thing that it cannot they go to memory,
 * and stay there: to copy them back and forth costs more than it saves.
 */
export function chipChain(route: ChipRoute): FilterChain {
  const { chip, encoder, capabilities, wanted } = route
  let filters: string[] = []
  let place = route.from
  let depth = route.depth
  let mayRise = route.filtersOnChip && place === 'memory'
  const down = (): void => {
    if (chip && place !== 'memory') filters.push(chip.download(depth))
    place = 'memory'
  }
  /** To where the chip's filters are. */
  const up = ({ surface, maps, upload }: ChipSurface): void => {
    if (place === surface) return
    filters.push(place === 'memory' ? upload(depth) : (maps?.[place] ?? ''))
    place = surface
  }
  const convert = (to: Depth): void => {
    if (!chip || place === 'memory' || depth === to) return
    up(chip)
    filters.push(chip.convert(to).text)
    depth = to
  }
  const onChip = (operation: PictureOperation): boolean => {
    if (!chip || !route.filtersOnChip || (place === 'memory' && !mayRise)) return false
    const done = chip.filter(operation, depth, capabilities)
    if (!done?.needs.every((name) => capabilities.filters.includes(name))) return false
    up(chip)
    filters.push(done.text)
    depth = done.depth
    return true
  }
  const inMemory = (operation: PictureOperation): void => {
    mayRise = false
    down()
    filters.push(route.processor.filter(operation))
    depth = depthAfter(operation, depth)
  }
  /** From the chip to an encoder that does not take its frames: across to those that it takes, or through memory. */
  const across = ({ takes, lift, memoryFormats }: ChipEncoder): void => {
    if (place !== 'memory' && lift && (!lift.back || route.from === lift.to)) {
      filters.push(lift.text)
      place = lift.to
      return
    }
    down()
    depth = wanted
    if (takes.includes('memory') || !chip) {
      filters.push(`format=pix_fmts=${memoryFormats[wanted]}`)
      return
    }
    up(chip)
    if (lift && !takes.includes(place)) filters.push(lift.text)
  }
  return {
    timing: (...more) => filters.push(...more),
    operation(operation) {
      if (isEverywhere(operation)) filters.push(route.processor.filter(operation))
      else if (operation.kind === 'format' && place !== 'memory')
        convert(depthOf(operation.pixelFormats) ?? depth)
      else if (operation.kind === 'format' && mayRise) return
      else if (!onChip(operation)) inMemory(operation)
    },
    // Frames of a chip that change their size begin the filters anew whatever is done.
    resize(width, height) {
      if (place === 'memory') filters.push(`scale=w=${width}:h=${height}`)
    },
    toMemory() {
      mayRise = false
      down()
    },
    toEncoder() {
      convert(wanted)
      const isThere = place !== 'memory' && encoder?.takes.includes(place)
      if (encoder && !isThere) across(encoder)
      if (encoder || place === 'memory') return
      down()
      filters.push(`format=pix_fmts=${wanted === 10 ? 'yuv420p10le' : 'yuv420p'}`)
    },
    take() {
      const taken = filters
      filters = []
      return taken
    },
  }
}

/** What says how a picture is shown is said of frames wherever they lie. */
export const isEverywhere = ({ kind }: PictureOperation): boolean =>
  kind === 'aspect' || kind === 'color-tags'

const depths: readonly (readonly [Depth, readonly string[]])[] = [
  [8, ['yuv420p', 'nv12']],
  [10, ['yuv420p10le', 'yuv420p10', 'p010', 'p010le']],
]

/** How deep the first of these formats is that a chip knows; null for other kinds, which chips do not take. */
export function depthOf(pixelFormats: readonly string[]): Depth | null {
  for (const format of pixelFormats) {
    const found = depths.find(([, names]) => names.includes(format))
    if (found) return found[0]
  }
  return null
}

/** How deep pictures are behind an operation in memory. */
export function depthAfter(operation: PictureOperation, before: Depth): Depth {
  if (operation.kind === 'tone-map') return 8
  return operation.kind === 'format' ? (depthOf(operation.pixelFormats) ?? before) : before
}
