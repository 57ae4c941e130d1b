/** A segment as the manifest names it: ticks of its representation. */
export interface MpdSegment {
  /** Sound from the start begins before 0: what lies before is cut away by the edit list, and not counted here. */
  readonly start: number
  readonly duration: number
}

interface MpdStream {
  /** As in RFC 6381: `avc1.64001f`. */
  readonly codecs: string
  /** Bits per second; null where nothing is known yet. */
  readonly bandwidth: number | null
  /** Ticks per second of the segments' times. */
  readonly timescale: number
  readonly language?: string
  /** Number of the first segment listed. */
  readonly startNumber: number
  /** Those that the manifest lists, in order. */
  readonly segments: readonly MpdSegment[]
}

interface Ratio {
  readonly width: number
  readonly height: number
}

export interface MpdPictures extends MpdStream {
  readonly frameRate: { readonly num: number; readonly den: number }
  readonly size: Ratio
  readonly sampleAspectRatio: Ratio
}

export interface MpdSound extends MpdStream {
  readonly samplingRate: number
  readonly channels: number
}

/** All that a manifest says. Durations are seconds. */
export interface Mpd {
  readonly pictures: MpdPictures
  readonly sound: MpdSound | null
  /** File names with `$RepresentationID$` and `$Number%05d$` in them, as the server gave them. */
  readonly initName: string
  readonly mediaName: string
  /** What the server asked for. */
  readonly segmentSeconds: number
  /** How long the last whole segment of pictures is. */
  readonly lastSegmentSeconds: number
  /** How many segments are listed; 0 for all. */
  readonly windowSize: number
  /** While the job runs: when its first packet was there, and now, milliseconds since 1970. */
  readonly live: { readonly startMilliseconds: number; readonly nowMilliseconds: number } | null
  /** How long all pictures are together; of use at the end. */
  readonly totalSeconds: number
}

/** The manifest as Plex's transcoder writes it, to the tab: `dynamic` while the job runs, `static` at its end. */
export function printMpd(mpd: Mpd): string {
  const sets = [pictureSet(mpd, mpd.pictures), ...(mpd.sound ? [soundSet(mpd, mpd.sound)] : [])]
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<MPD xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
    '\txmlns="urn:mpeg:dash:schema:mpd:2011"',
    '\txmlns:xlink="http://www.w3.org/1999/xlink"',
    `\txsi:schemaLocation="urn:mpeg:DASH:schema:MPD:2011 ${schema}"`,
    '\tprofiles="urn:mpeg:dash:profile:isoff-live:2011"',
    ...timing(mpd),
    `\tmaxSegmentDuration="${durationText(mpd.segmentSeconds)}"`,
    `\tminBufferTime="${durationText(mpd.lastSegmentSeconds * 2)}">`,
    ...['\t<ProgramInformation>', '\t</ProgramInformation>'],
    ...['\t<ServiceDescription id="0">', '\t</ServiceDescription>'],
    '\t<Period id="0" start="PT0.0S">',
    ...sets.flat(),
    ...['\t</Period>', '</MPD>', ''],
  ].join('\n')
}

const schema = 'http://standards.iso.org/ittf/PubliclyAvailableStandards/MPEG-DASH_schema_files/DASH-MPD.xsd'

function timing(mpd: Mpd): string[] {
  const { live, lastSegmentSeconds, windowSize } = mpd
  if (!live) {
    return ['\ttype="static"', `\tmediaPresentationDuration="${durationText(mpd.totalSeconds)}"`]
  }
  const whole = `PT${Math.floor(lastSegmentSeconds)}S`
  const depth = durationText(lastSegmentSeconds * windowSize)
  return [
    '\ttype="dynamic"',
    `\tminimumUpdatePeriod="${whole}"`,
    `\tsuggestedPresentationDelay="${whole}"`,
    `\tavailabilityStartTime="${new Date(live.startMilliseconds).toISOString()}"`,
    `\tpublishTime="${new Date(live.nowMilliseconds).toISOString()}"`,
    ...(windowSize > 0 ? [`\ttimeShiftBufferDepth="${depth}"`] : []),
  ]
}

/** `PT1H2M3.4S`: what is less than a tenth of a second is cut off, hours and minutes are there when they count. */
function durationText(seconds: number): string {
  // Through whole microseconds, as the muxer counts, so that 1.1 s stays 1.1 s.
  const tenths = Math.floor(Math.round(seconds * 1_000_000) / 100_000)
  const minutes = Math.floor(tenths / 600)
  const hours = Math.floor(minutes / 60)
  const rest = `${Math.floor(tenths / 10) % 60}.${tenths % 10}S`
  if (hours > 0) return `PT${hours}H${minutes % 60}M${rest}`
  return minutes > 0 ? `PT${minutes}M${rest}` : `PT${rest}`
}

function pictureSet(mpd: Mpd, pictures: MpdPictures): string[] {
  const { frameRate, size, sampleAspectRatio: sar } = pictures
  const par = reduced(size.width * sar.width, size.height * sar.height)
  const shape = `frameRate="${frameRate.num}/${frameRate.den}" maxWidth="${size.width}" maxHeight="${size.height}" par="${par}"`
  const own = `width="${size.width}" height="${size.height}" sar="${reduced(sar.width, sar.height)}"`
  return [
    `\t\t<AdaptationSet ${common(0, 'video')} ${shape}${language(pictures)}>`,
    `\t\t\t<Representation ${identity(0, 'video', pictures)} ${own}>`,
    ...template(mpd, pictures),
    ...closing,
  ]
}

const channelScheme = 'urn:mpeg:dash:23003:3:audio_channel_configuration:2011'

function soundSet(mpd: Mpd, sound: MpdSound): string[] {
  return [
    `\t\t<AdaptationSet ${common(1, 'audio')}${language(sound)}>`,
    `\t\t\t<Representation ${identity(1, 'audio', sound)} audioSamplingRate="${sound.samplingRate}">`,
    `\t\t\t\t<AudioChannelConfiguration schemeIdUri="${channelScheme}" value="${sound.channels}" />`,
    ...template(mpd, sound),
    ...closing,
  ]
}

const closing = ['\t\t\t</Representation>', '\t\t</AdaptationSet>'] as const

function common(id: number, kind: string): string {
  return `id="${id}" contentType="${kind}" startWithSAP="1" segmentAlignment="true" bitstreamSwitching="true"`
}

function identity(id: number, kind: string, { codecs, bandwidth }: MpdStream): string {
  const rate = bandwidth === null ? '' : ` bandwidth="${bandwidth}"`
  return `id="${id}" mimeType="${kind}/mp4" codecs="${codecs}"${rate}`
}

function language(stream: MpdStream): string {
  return stream.language === undefined ? '' : ` lang="${escaped(stream.language)}"`
}

function template({ initName, mediaName }: Mpd, stream: MpdStream): string[] {
  const names = `initialization="${escaped(initName)}" media="${escaped(mediaName)}"`
  return [
    `\t\t\t\t<SegmentTemplate timescale="${stream.timescale}" ${names} startNumber="${stream.startNumber}">`,
    '\t\t\t\t\t<SegmentTimeline>',
    ...timeline(stream.segments),
    '\t\t\t\t\t</SegmentTimeline>',
    '\t\t\t\t</SegmentTemplate>',
  ]
}

/** Segments of one length that follow each other share a row; a time stands where it does not follow by itself. */
function timeline(segments: readonly MpdSegment[]): string[] {
  const rows: { start: number; duration: number; repeat: number; follows: boolean }[] = []
  for (const segment of segments.map(fromZero)) {
    const last = rows.at(-1)
    const end = last && last.start + last.duration * (last.repeat + 1)
    const follows = segment.start === end
    if (last && follows && segment.duration === last.duration) last.repeat += 1
    else rows.push({ ...segment, repeat: 0, follows })
  }
  return rows.map(({ start, duration, repeat, follows }) => {
    const time = follows ? '' : `t="${start}" `
    const more = repeat > 0 ? `r="${repeat}" ` : ''
    return `\t\t\t\t\t\t<S ${time}d="${duration}" ${more}/>`
  })
}

function fromZero({ start, duration }: MpdSegment): MpdSegment {
  return start < 0 ? { start: 0, duration: duration + start } : { start, duration }
}

function reduced(width: number, height: number): string {
  let [divisor, rest] = [width, height]
  while (rest > 0) [divisor, rest] = [rest, divisor % rest]
  return `${width / divisor}:${height / divisor}`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
