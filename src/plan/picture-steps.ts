import { hasFlag, lastValue, streamOption, streamValue } from '../command/read-options.ts'
import type { MediaStream, VideoStream } from '../media/media-info.ts'
import { parseFrameRate, toNumber } from '../media/rational.ts'
import { burntBitmaps, overlayArguments, overlayNames } from './bitmap-filters.ts'
import { type BurntStream, burntText, textOfFile } from './burn-filters.ts'
import { decoderOperations } from './decoder-filters.ts'
import { generated, type Line, namedArguments, type Step } from './linear-graph.ts'
import { pictureOperations } from './operations.ts'
import { streamFacts, streamOfLabel } from './output-streams.ts'
import type { PictureWish } from './picture-wish.ts'
import type { BurntText, PictureOperation } from './plan.ts'
import { NotPlannable } from './refusal.ts'
import { sideTurn } from './source.ts'
import { textFileOf, textFilters, textIndex } from './text-files.ts'
import { isPlainValue } from './tuning.ts'

/** What is done to a picture between its decoder and its encoder, in order, as the server wrote it. */
export class PictureSteps {
  readonly #wish: PictureWish

  constructor(wish: PictureWish) {
    this.#wish = wish
  }

  /** Throws NotPlannable for what a plan cannot have. */
  operations(): PictureOperation[] {
    const { stream, place, input, infos } = this.#wish
    const facts = streamFacts(infos[stream.ref.input]!)
    demandTogether(stream.steps)
    const decoded = decoderOperations((name) => streamValue(input, name, facts, stream.ref.stream))
    const filtered: PictureOperation[] = []
    for (const step of stream.steps) filtered.push(...this.#operationsOf(step, filtered))
    const format = streamValue(place.output, 'pix_fmt', place.streams, place.position)
    const last: PictureOperation[] =
      format === null ? [] : [{ kind: 'format', pixelFormats: [plainFormat(format)] }]
    return withTransfer(this.#upright([...decoded, ...filtered, ...last]), stream.source)
  }

  #operationsOf({ filter, side }: Step, before: readonly PictureOperation[]): PictureOperation[] {
    if (side && overlayNames.has(filter.name)) {
      if (side.source === generated) return [this.#textOn(side, overlayArguments(filter, false), before)]
      return [burntBitmaps(filter, side, this.#burntStream(side.source), this.#canvasSize())]
    }
    if (side) throw new NotPlannable('graph-shape', `${filter.name} joins two lines`)
    if (filter.name === 'fps') return this.#paced(filter)
    if (textFilters.has(filter.name)) return [textOfFile(filter, this.#fileStream(filter))]
    if (filter.name !== 'inlineass') return pictureOperations(filter)
    const named = lastValue(this.#wish.place.output.options, 'map_inlineass')
    if (named === null) throw new NotPlannable('missing-stream', 'inlineass without -map_inlineass')
    const burnt = this.#burntStream(named)
    if (burnt.ref.input !== 0 && !burnt.alone) throw new NotPlannable('inputs', 'text of another film')
    return [burntText(filter, burnt)]
  }

  /** The plan's grid is of that rate anyway. */
  #paced(filter: Step['filter']): PictureOperation[] {
    const asked = parseFrameRate(namedArguments(filter, ['fps'], ['fps']).get('fps') ?? '')
    if (!asked || toNumber(asked) !== toNumber(this.#wish.rate)) {
      throw new NotPlannable('frame-rate', 'the filter fps at another rate than -r')
    }
    return []
  }

  /**
   * Text that is drawn on a picture of nothing first: the same as if it were drawn on the film. For films larger than 1080
   * lines Jellyfin draws it smaller and has the chip make it as large as the film.
   */
  #textOn(
    { steps }: Line,
    overlay: ReadonlyMap<string, string>,
    before: readonly PictureOperation[],
  ): BurntText {
    const texts = steps.flatMap(({ filter }) => (textFilters.has(filter.name) ? [filter] : []))
    const strange = steps
      .slice(1)
      .find(({ filter }) => !textFilters.has(filter.name) && !this.#isIdle(filter, before))
    const [text, ...more] = texts
    if (!text || more.length > 0 || strange || overlay.has('x') || overlay.has('y')) {
      throw new NotPlannable('graph-shape', 'something else than text on a picture of nothing')
    }
    return textOfFile(text, this.#fileStream(text))
  }

  /** Formats, and a size that the film has at that place. */
  #isIdle(filter: Step['filter'], before: readonly PictureOperation[]): boolean {
    const { width, height } = this.#wish.stream.source
    const film = before.findLast(({ kind }) => kind === 'scale' || kind === 'turn') ?? {
      ...{ kind: 'scale', width: String(width), height: String(height) },
    }
    return pictureOperations(filter).every(
      (operation) =>
        operation.kind === 'format' ||
        (operation.kind === 'scale' &&
          film.kind === 'scale' &&
          operation.width === film.width &&
          operation.height === film.height),
    )
  }

  #fileStream(filter: Step['filter']): BurntStream {
    const { paths, infos } = this.#wish
    const input = paths.indexOf(textFileOf(filter) ?? '')
    const texts = infos[input]?.streams.filter(({ kind }) => kind === 'subtitle') ?? []
    const stream = texts[textIndex(filter)]
    if (!stream) throw new NotPlannable('missing-stream', `text for the filter ${filter.name}`)
    return this.#burnt(input, stream)
  }

  #burntStream(label: string): BurntStream {
    const { ref, stream } = streamOfLabel(label, this.#wish.infos)
    return this.#burnt(ref.input, stream)
  }

  #burnt(input: number, stream: MediaStream): BurntStream {
    const { streams } = this.#wish.infos[input]!
    const beside =
      streams.find(({ kind }) => kind === 'audio') ?? streams.find(({ kind }) => kind === 'video')
    const ref = { input, stream: stream.index }
    return { ref, stream, alone: beside === undefined, pacedBy: beside?.index ?? null }
  }

  #canvasSize(): string | null {
    const size = lastValue(this.#wish.input.options, 'canvas_size')
    if (size !== null && !/^\d{1,5}x\d{1,5}$/.test(size)) {
      throw new NotPlannable('unknown-option', `-canvas_size ${size}`)
    }
    return size
  }

  /**
   * Pictures of a film that lies on its side are turned by FFmpeg itself, before any filter, unless it is told not to:
   * then a filter has to do it, as servers write it for chips, and it comes out the same.
   */
  #upright(operations: PictureOperation[]): PictureOperation[] {
    const { stream, input, infos } = this.#wish
    const facts = streamFacts(infos[stream.ref.input]!)
    const needed = sideTurn(stream.source.rotationDegrees)
    const option = streamOption(input, 'autorotate', facts, stream.ref.stream)
    const isOff = option !== null && !hasFlag([option], 'autorotate')
    const forced = streamValue(input, 'display_rotation', facts, stream.ref.stream)
    if (forced !== null && Number(forced) !== 0)
      throw new NotPlannable('unknown-option', `-display_rotation ${forced}`)
    if ((!isOff && forced === null) || stream.source.rotationDegrees === 0) return operations
    const at = operations.findIndex((operation) => operation.kind === 'turn' && operation.how === needed)
    if (at < 0) throw new NotPlannable('filter-value', 'a film that lies on its side and is left so')
    return operations.toSpliced(at, 1)
  }
}

function plainFormat(name: string): string {
  if (!isPlainValue(name)) throw new NotPlannable('unknown-option', `-pix_fmt ${name}`)
  return name
}

/** Filters that mean something only beside another. */
function demandTogether(steps: readonly Step[]): void {
  const names = steps.map(({ filter }) => filter.name)
  const isMapped = names.includes('tonemap')
  if (names.includes('zscale') && !isMapped)
    throw new NotPlannable('unknown-filter', 'zscale without a tone map')
  const look = names.indexOf('procamp_vaapi')
  if (look >= 0 && names[look + 1] !== 'tonemap_vaapi') {
    throw new NotPlannable('unknown-filter', 'procamp_vaapi without a tone map')
  }
}

/**
 * Which way a tone map goes is what is said of its colours last, else the source's to say; where neither says HLG the
 * server knows better than the tags, and means PQ.
 */
function withTransfer(operations: readonly PictureOperation[], source: VideoStream): PictureOperation[] {
  const { dolbyVisionProfile: profile, dolbyVisionBase: base } = source
  let transfer = source.color.transfer ?? (base === 'hlg' ? 'arib-std-b67' : null)
  return operations.map((operation) => {
    if (operation.kind === 'color-tags') transfer = operation.transfer ?? transfer
    if (operation.kind !== 'tone-map') return operation
    if (base === 'none' || base === 'sdr') throw new NotPlannable('dolby-vision', `profile ${profile}`)
    const curve = transfer === 'arib-std-b67' ? 'hlg' : 'pq'
    const { peakNits = source.peakNits, ...rest } = operation
    const { gradedNits } = source
    // What HLG says of a display's peak is about the display.
    if (curve === 'hlg') return { ...rest, transfer: curve }
    const light = {
      ...(peakNits !== undefined && { peakNits }),
      ...(gradedNits !== undefined && { gradedNits }),
    }
    return { ...rest, transfer: curve, ...light }
  })
}
