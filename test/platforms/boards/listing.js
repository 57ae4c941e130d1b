// What a board's ffmpeg answers when it is asked what it has.

/** Names that only an ffmpeg for some hardware has. */
const ofHardware =
  '_(nvenc|nvdec|cuvid|qsv|vaapi|v4l2m2m|amf|omx|mf|vulkan|cuda|opencl|npp|rkmpp|rkrga|nvmpi|videotoolbox|vt|d3d11|d3d11va)$'

/**
 * What the real ffmpeg is asked, and the filter behind it; null for everything that is no such question.
 *
 * @param {import('./board.js').Board} board
 * @param {readonly string[]} args
 */
export function listing(board, args) {
  const ask = args.filter((arg) => arg !== '-hide_banner')
  const [option = '', what = ''] = ask
  if (option === '-version') {
    return {
      ask: [...args],
      filter: `sed '1s/.*/ffmpeg version ${board.version} Copyright (c) 2000-2023 the FFmpeg developers/'`,
    }
  }
  if (option === '-hwaccels') {
    return {
      ask: [...args],
      filter: `{ cat >/dev/null; printf 'Hardware acceleration methods:\\n'; ${printed(board.hwaccels)}; }`,
    }
  }
  if (option === '-h' && what === 'full') return { ask: [...args], filter: 'cat' }
  const more = moreOf(board, option)
  if (!more) return null
  const without = ['libplacebo', ...board.without].map((name) => `$2 != "${name}"`).join(' && ')
  const kept = `awk '$2 !~ /${ofHardware}/ && ${without}'`
  return { ask: [...args], filter: `{ ${kept}; ${printed(more)}; }` }
}

/** @param {readonly string[]} lines */
const printed = (lines) =>
  lines.length === 0 ? ':' : `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')}`

/** @param {import('./board.js').Board} board @param {string} option */
function moreOf({ encoders, decoders, filters, absent = {} }, option) {
  const dead = Object.keys(absent).filter((name) => !name.includes(' '))
  switch (option) {
    case '-encoders':
      return [...Object.keys(encoders), ...dead].map((name) => ` V....D ${name.padEnd(20)} of a board`)
    case '-decoders':
      return Object.keys(decoders)
        .filter((name) => name.includes('_'))
        .map((name) => ` V..... ${name.padEnd(20)} of a board`)
    case '-filters':
      return filters.map((name) => ` ... ${name.padEnd(17)} V->V       of a board`)
    default:
      return null
  }
}
