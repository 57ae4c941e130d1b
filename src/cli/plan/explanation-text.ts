import { expectedEndSegment, slotSeconds } from '../../media/timeline.ts'
import type { AudioPart, PictureOperation, Plan, VideoPart } from '../../plan/plan.ts'
import type { RungName } from '../../platforms/rungs.ts'
import type { JobExplanation, PlatformOffer } from './explain-job.ts'

/** An explanation for people; the JSON has all of it. */
export function explanationText(explanation: JobExplanation): string {
  const { decision, reason, pending, assumed, plan, platforms } = explanation
  const supposed = assumed.map((words) => `assumed: ${words}\n`).join('')
  if (decision === 'local' || plan === null)
    return `local: the media server's own transcoder runs this.\n${reason}\n${supposed}`
  const offers = Object.entries(platforms).map(([name, offer]) => offerText(name, offer))
  const but = pending.length === 0 ? '' : `not yet: the head cannot carry out ${pending.join(', ')}.\n`
  return `node: this can be shared by nodes.\n${but}${supposed}\n${planText(plan)}\n\n${offers.join('\n\n')}\n`
}

function planText(plan: Plan): string {
  const { timeline, packaging } = plan
  const count = expectedEndSegment(timeline) - timeline.firstSegment
  const start = slotSeconds(timeline, timeline.firstSlot)
  return [
    ...plan.inputs.map(({ path }) => `input     ${path}`),
    `picture   ${pictureText(plan.video)}`,
    `sound     ${plan.audio ? soundText(plan.audio) : 'none'}`,
    ...(plan.subtitles ?? []).map(
      ({ source, codec, to }) => `subtitles stream ${source.input}:${source.stream} as ${codec}, ${to.kind}`,
    ),
    `segments  ${packaging.kind}, ${count} of ${timeline.segmentSeconds} s from number ${timeline.firstSegment} on, which begins at ${start.toFixed(3)} s`,
  ].join('\n')
}

function pictureText({ source, operations, rate, encoder }: VideoPart): string {
  const steps = operations.map(operationText)
  if (encoder.codec === 'copy') return `stream ${source.stream}, ${encoder.source} copied as it is`
  const { codec, crf, bitrate, maxrate, preset } = encoder
  const wishes = Object.entries({ crf, bitrate, maxrate, preset }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${value}`],
  )
  const perSecond = `${rate.num}/${rate.den} frames a second`
  return [`stream ${source.stream}`, ...steps, perSecond, [codec, ...wishes].join(' ')].join(', ')
}

function operationText(operation: PictureOperation): string {
  switch (operation.kind) {
    case 'scale':
      return `scaled to ${operation.width}x${operation.height}`
    case 'format':
      return `as ${operation.pixelFormats.join(' or ')}`
    case 'deinterlace':
      return `deinterlaced by ${operation.method}${operation.fieldRate ? ', a picture for each field' : ''}`
    case 'tone-map':
      return `tone-mapped from ${operation.transfer === 'pq' ? 'HDR10' : 'HLG'} by ${operation.curve}`
    case 'crop':
      return `cropped to ${operation.width}x${operation.height}`
    case 'pad':
      return `padded to ${operation.width}x${operation.height}`
    case 'aspect':
      return `with ${operation.of} ${operation.ratio}`
    case 'turn':
      return `turned (${operation.how})`
    case 'color-tags':
      return `said to be in ${operation.space ?? operation.transfer ?? 'other colours'}`
    case 'burn-text':
      return `text of stream ${operation.source.input}:${operation.source.stream} burnt in`
    case 'burn-bitmaps':
      return `bitmaps of stream ${operation.source.input}:${operation.source.stream} laid over it`
  }
}

function soundText({ source, operations, encoder }: AudioPart): string {
  const steps = operations.flatMap((operation) => {
    if (operation.kind === 'mix') return ['mixed in its own way']
    if (operation.kind === 'volume') return [`louder by ${operation.factor}`]
    return operation.layout === undefined ? [] : [operation.layout]
  })
  const { codec, bitrate, rate } = encoder
  if (codec === 'copy') return `stream ${source.stream}, copied as it is`
  return [
    ...[`stream ${source.stream}`, ...steps, `${rate} Hz`],
    bitrate === undefined ? codec : `${codec} ${bitrate}`,
  ].join(', ')
}

function offerText(name: string, offer: PlatformOffer): string {
  if ('out' in offer) return `${name} is out: ${offer.out}`
  const how = offer.rung === undefined ? '' : ` (${rungWords[offer.rung]})`
  const end = offer.reach === undefined ? '' : `, up to segment ${offer.reach}`
  const picture = `${name}${how}, a lease from the first segment on${end}:\n  ${commandText(offer.args)}`
  return offer.sound ? `${picture}\n${name}, its sound:\n  ${commandText(offer.sound)}` : picture
}

const rungWords: Readonly<Record<RungName, string>> = {
  full: 'all on the chip',
  'copy-back': 'filtered in memory',
  upload: 'decoded by the processor',
  encode: 'decoded and filtered by the processor',
  'decode-filter': 'encoded by the processor',
  filter: 'decoded and encoded by the processor',
  decode: 'filtered and encoded by the processor',
  software: 'all by the processor',
}

/** As it could be typed into a shell; long lists of times are cut short. */
export function commandText(args: readonly string[]): string {
  return ['ffmpeg', ...args.map((arg) => quoted(shortened(arg)))].join(' ')
}

/** Lists of cutting times have an item for each segment. */
const mostItems = 4

function shortened(arg: string): string {
  const items = arg.split(',')
  if (items.length <= mostItems + 1 || !items.every((item) => /^[\d.]+$/.test(item))) return arg
  return `${items.slice(0, mostItems).join(',')},... (${items.length - mostItems} more)`
}

function quoted(arg: string): string {
  return /^[A-Za-z0-9_@%+=:,./{}-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`
}
