// A command for a board's ffmpeg as one for this machine's, or the words with which the board refuses it.
import { chipFilters, inMemory, sidesOf } from './filters.js'

/**
 * @typedef {import('./board.js').Board} Board
 * @typedef {import('./board.js').Encoder} Encoder
 * @typedef {{ codec: string, bits: number, width: number, height: number }} Film
 * @typedef {{ args: string[], chosen: string | null, decoders: string[], encoders: string[] } | { words: string }} Translation
 */

/** Options of devices, each with a value, which mean nothing here. */
const ofDevices = new Set(
  '-filter_hw_device -hwaccel_output_format -hwaccel_device -extra_hw_frames'.split(' '),
)
/** And of encoders on chips. */
const ofEncoders = new Set(
  `-rc -rc_mode -forced-idr -forced_idr -quality -prio_speed -num_output_buffers -num_capture_buffers -low_power
  -compression_level -level -preset`.split(/\s+/),
)
const qualities = new Set(['-cq', '-qp', '-qp_init', '-global_quality', '-q:v', '-qp_i', '-qp_p'])
const profiles = /** @type {Readonly<Record<string, string>>} */ ({ 66: 'baseline', 77: 'main', 100: 'high' })

const libraries = {
  h264: ['libx264', '-preset', 'ultrafast', '-sc_threshold', '0'],
  hevc: [
    'libx265',
    '-preset',
    'ultrafast',
    '-x265-params',
    'bframes=0:scenecut=0:open-gop=0:log-level=none',
    '-forced-idr',
    '1',
  ],
}

/** Decoders and encoders of any chip. */
const ofChips = /_(nvmpi|nvv4l2dec|nvenc|cuvid|qsv|vaapi|v4l2m2m|rkmpp|videotoolbox|amf|vulkan|omx|mf)$/

class Refusal extends Error {}

/**
 * @param {Board} board
 * @param {readonly string[]} args
 * @param {(path: string) => Film | null} look into an input; null where nothing is known of it
 * @returns {Translation}
 */
export function translate(board, args, look) {
  try {
    return new Translator(board, args, look).all()
  } catch (error) {
    if (error instanceof Refusal) return { words: error.message }
    throw error
  }
}

/** @param {string} words @returns {never} */
function refuse(words) {
  throw new Refusal(words)
}

class Translator {
  /** @param {Board} board @param {readonly string[]} args @param {(path: string) => Film | null} look */
  constructor(board, args, look) {
    this.board = board
    this.rest = [...args]
    this.look = look
    /** @type {string[]} */
    this.made = []
    /** @type {string[]} decoders that were asked for, and those of the next input */
    this.decoders = []
    /** @type {string | null} */
    this.next = null
    /** @type {Film | null} */
    this.film = null
    /** @type {{ name: string, encoder: Encoder } | null} */
    this.encoder = null
    this.first = ''
    this.graph = ''
    /** @type {string | null} */
    this.chosen = null
  }

  /** @returns {Translation} */
  all() {
    while (this.rest.length > 0) this.one(this.rest.shift() ?? '')
    const { encoder, film } = this
    if (encoder)
      this.demandSize(
        encoder.name,
        encoder.encoder,
        sidesOf(this.graph) ?? (film && [film.width, film.height]),
      )
    // Where nothing else is done to them, pictures come as the decoder makes them.
    const made =
      this.first === '' || this.graph !== ''
        ? this.made
        : [...this.made.slice(0, -1), '-vf', this.first, ...this.made.slice(-1)]
    return {
      args: made,
      chosen: this.chosen,
      decoders: this.decoders,
      encoders: encoder ? [encoder.name] : [],
    }
  }

  /** @param {string} word */
  one(word) {
    const { made, rest, encoder } = this
    const value = () => rest.shift() ?? ''
    if (word === '-init_hw_device') this.open(value())
    else if (word === '-hwaccel') this.accelerate(value())
    else if (word === '-output_format') this.ownOption('output_format', value())
    else if (encoder && ofEncoders.has(word)) value()
    else if (ofDevices.has(word)) value()
    else if (encoder && qualities.has(word)) this.quality(value())
    else if (word === '-i') this.input(value())
    else if (word === '-c:v') this.codec(value(), rest.includes('-i'))
    else if (word === '-g' && encoder) this.groups(value())
    else if (word === '-profile:v') this.profile(value())
    else if (word === '-vf' || word === '-filter_complex') made.push(word, this.filters(value()))
    else made.push(word)
  }

  /** @param {string} _value on a scale of its own */
  quality(_value) {
    this.made.push('-crf', '23')
  }

  /** @param {string} name */
  profile(name) {
    this.made.push('-profile:v', profiles[name] ?? name)
  }

  /** @param {string} device */
  open(device) {
    const kind = device.split(/[=:@]/)[0] ?? ''
    const words = this.board.devices[kind]
    if (words === undefined)
      refuse(
        `Device creation failed: -12.\nFailed to set value '${device}' for option 'init_hw_device': Cannot allocate memory`,
      )
    if (words !== null) refuse(words)
  }

  /** @param {string} name */
  accelerate(name) {
    if (!this.board.hwaccels.includes(name))
      refuse(`Unrecognized hwaccel: ${name}.\nSupported hwaccels: ${this.board.hwaccels.join(' ')}`)
    const words = this.board.absent?.[`${name} decoding`]
    if (words) refuse(words)
    this.next = name
  }

  /** @param {string} name @param {string} value */
  ownOption(name, value) {
    const decoder = this.next ? this.board.decoders[this.next] : undefined
    if (!decoder?.options?.includes(name)) {
      refuse(
        `Codec AVOption ${name} (${value}) has not been used for any stream. Unrecognized option '${name}'.`,
      )
    }
  }

  /** @param {string} path */
  input(path) {
    this.made.push('-i', path)
    const name = this.next
    this.next = null
    if (name === null && this.film !== null) return
    const film = name !== null || this.encoderComes() ? this.look(path) : null
    this.film ??= film
    if (name === null) return
    this.decoders.push(name)
    const decoder = this.board.decoders[name]
    // Of what a chip does not read FFmpeg's own decoder makes pictures in memory, which no surface takes.
    if (!decoder || !film)
      refuse(
        `No decoder surfaces left\nError while decoding stream #0:0: Invalid data found when processing input`,
      )
    const reads = decoder.reads[film.codec]?.includes(film.bits) ?? false
    if (!reads || film.width > decoder.most[0] || film.height > decoder.most[1]) refuse(decoder.words)
    if (decoder.gives !== undefined && decoder.gives < film.bits) this.first = 'format=yuv420p'
    if (this.board.hwaccels.includes(name)) this.chosen = name === 'drm' ? 'drm_prime' : name
  }

  encoderComes() {
    return this.rest.some((word) => word in this.board.encoders)
  }

  /** @param {string} name @param {boolean} isBefore an input */
  codec(name, isBefore) {
    // FFmpeg's own decoder of AV1 works with a chip's help alone; the processor has another.
    if (isBefore && name === 'av1') return
    if (!ofChips.test(name)) return void this.made.push('-c:v', name)
    if (isBefore) {
      if (!(name in this.board.decoders)) refuse(this.board.absent?.[name] ?? `Unknown decoder '${name}'`)
      this.next = name
      return
    }
    const encoder = this.board.encoders[name]
    if (!encoder) refuse(this.board.absent?.[name] ?? `Unknown encoder '${name}'`)
    this.encoder = { name, encoder }
    this.made.push('-c:v', ...libraries[encoder.makes])
  }

  /** A chip that counts its groups has no other key frames. @param {string} length */
  groups(length) {
    const isCounted = this.encoder?.encoder.keyFrames === 'interval'
    this.made.push('-g', length, ...(isCounted ? ['-keyint_min', length] : []))
  }

  /** @param {string} graph */
  filters(graph) {
    const unknown = chipFilters(graph).find((name) => !this.board.filters.includes(name))
    if (unknown) refuse(`No such filter: '${unknown}'\nError reinitializing filters!`)
    this.graph += graph
    return inMemory(graph, this.first)
  }

  /** @param {string} name @param {Encoder} encoder @param {[number, number] | null} sides */
  demandSize(name, encoder, sides) {
    if (!sides || (sides[0] <= encoder.most[0] && sides[1] <= encoder.most[1])) return
    refuse(`[${name} @ 0x55d0c8] ${encoder.tooLarge}: ${sides[0]}x${sides[1]}`)
  }
}
