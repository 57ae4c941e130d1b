/** Where an option belongs: to the whole run, to one file, or to some streams of one file. */
export type OptionScope = 'global' | 'file' | 'stream'

/**
 * How many tokens follow the name.
 * - `flag`: none. A flag that is `negatable` also exists with a leading `no` (`-noaccurate_seek`).
 * - `value`: exactly one, whatever it looks like (`-sei:0 -a53_cc`).
 * - `listing`: prints something and ends the program; swallows the next token when there is one (`-h topic`).
 * - `switch`: takes a number up to FFmpeg 6 (`-autorotate 0`) and nothing since 7 (`-noautorotate`).
 */
export type OptionArity = 'flag' | 'value' | 'listing' | 'switch'

/** Who has the option: FFmpeg itself, ffprobe alone, or a media server's fork. */
export type OptionOwner = 'ffmpeg' | 'ffprobe' | 'plex' | 'jellyfin' | 'emby'

/** `program` is the command's own option; the rest are options of the libraries, by part. */
export type OptionFamily =
  | 'program'
  | 'codec'
  | 'encoder'
  | 'decoder'
  | 'format'
  | 'muxer'
  | 'demuxer'
  | 'protocol'
  | 'device'
  | 'scaler'
  | 'resampler'

/** What follows the colon after the name: a stream specifier, or the target of `-metadata` and its like. */
export type SpecifierSyntax = 'stream' | 'metadata'

/** Letter of a media type in specifiers; `V` is video that is no attached picture. */
export type MediaLetter = 'v' | 'V' | 'a' | 's' | 'd' | 't'

/** Other spellings of one option; `media` is what the spelling says about streams (`vcodec` is `codec:v`). */
export interface OptionAlias {
  readonly name: string
  readonly media: MediaLetter | null
}

export interface OptionRow {
  readonly name: string
  readonly scope: OptionScope
  readonly arity: OptionArity
  readonly negatable: boolean
  readonly owner: OptionOwner
  /** More than one where libraries share a name (`threads`). */
  readonly families: readonly OptionFamily[]
  readonly specifier: SpecifierSyntax
  /** The media that the name alone stands for (`-b` is `-b:v`), null for all streams. */
  readonly media: MediaLetter | null
  readonly aliases: readonly OptionAlias[]
}

/** Names of one table, blank-separated, by what follows them. */
export interface OptionNames {
  /** Flags that can be negated with `no`. */
  readonly booleans?: string
  /** Flags that cannot. */
  readonly flags?: string
  readonly values?: string
  readonly switches?: string
  readonly listings?: string
}
