/**
 * What an emulated board is: what its ffmpeg lists, what its devices can do, and in which words they refuse. The work
 * itself is done by the processor of the machine at hand, so that pictures are real.
 *
 * @typedef {object} Decoder
 * @property {Readonly<Record<string, readonly number[]>>} reads depths by FFmpeg's name of the codec
 * @property {number} [gives] how deep its pictures are, whatever the film is
 * @property {readonly [number, number]} most sides of the largest picture
 * @property {string} words what it says of a film that it does not read
 * @property {readonly string[]} [options] of its own, which others do not know
 *
 * @typedef {object} Encoder
 * @property {'h264' | 'hevc'} makes
 * @property {readonly number[]} bits depths of pictures that it takes
 * @property {readonly [number, number]} most sides of the largest picture
 * @property {string} tooLarge what it says of a larger one
 * @property {number} [atOnce] how many run at once
 * @property {string} [tooMany] what it says to one more
 * @property {'forced' | 'interval'} keyFrames
 *
 * @typedef {object} Board
 * @property {string} name
 * @property {string} version of its ffmpeg, as it prints it
 * @property {Readonly<Record<string, string | null>>} devices kinds that can be opened, and what is said where one cannot
 * @property {readonly string[]} hwaccels as they are listed
 * @property {Readonly<Record<string, Decoder>>} decoders by name, or by kind of acceleration
 * @property {Readonly<Record<string, Encoder>>} encoders
 * @property {readonly string[]} filters beside those of the processor
 * @property {Readonly<Record<string, string>>} [absent] encoders, decoders and accelerations that it lists and whose
 *   device says this
 * @property {readonly string[]} without software that its build lacks
 */

/** The six, by name, and where each is. */
const boards = {
  'jetson-nano': () => import('./jetson-nano.js'),
  'orin-nano': () => import('./orin-nano.js'),
  n100: () => import('./n100.js'),
  'raspberry-pi-4': () => import('./raspberry-pi-4.js'),
  rk3588: () => import('./rk3588.js'),
  mac: () => import('./mac.js'),
}

export const boardNames = /** @type {(keyof typeof boards)[]} */ (Object.keys(boards))

/** @param {string} name @returns {Promise<Board>} */
export async function boardNamed(name) {
  const { board } = await boards[/** @type {keyof typeof boards} */ (name)]()
  return board
}
