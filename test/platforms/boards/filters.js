// A board's filters in those of the processor, which do the same in memory.

/** Filters of any chip, by what is left of their names. */
const ofChips =
  /_(cuda|vaapi|qsv|opencl|vulkan|rkrga|vt|videotoolbox|amf|d3d11|npp)$|^libplacebo$|^tonemap_paceline/

/** Surfaces, which pictures in memory have not got. */
const surfaces = /^(cuda|vaapi|qsv|opencl|vulkan|drm_prime|videotoolbox_vld|d3d11)$/

const linear = 'zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709'
const toneMap = `${linear},tonemap=tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv,format=yuv420p`

const turns = /** @type {Readonly<Record<string, string>>} */ ({
  ...{ clock: 'transpose=clock', cclock: 'transpose=cclock', reversal: 'hflip,vflip' },
  ...{ hflip: 'hflip', vflip: 'vflip' },
})

/**
 * Parts of a text between separators that no backslash and no quote guards.
 *
 * @param {string} text @param {string} separator
 */
export function parts(text, separator) {
  const found = ['']
  let isQuoted = false
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? ''
    if (sign === "'") isQuoted = !isQuoted
    if (sign === '\\' && !isQuoted) {
      found[found.length - 1] += sign + (text[at + 1] ?? '')
      at += 1
    } else if (sign === separator && !isQuoted) found.push('')
    else found[found.length - 1] += sign
  }
  return found
}

/** @param {string} args @returns {Readonly<Record<string, string>>} */
const namedArguments = (args) =>
  Object.fromEntries(
    parts(args, ':').map((pair) => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )

/** Names of filters of chips in a graph. @param {string} graph */
export function chipFilters(graph) {
  const names = parts(graph, ';').flatMap((chain) => parts(chain, ',').map((filter) => split(filter).name))
  return names.filter((name) => ofChips.test(name) && !name.startsWith('hw'))
}

/** @param {string} filter */
function split(filter) {
  const [, before = '', name = '', args = '', after = ''] =
    /^((?:\[[^\]]*\])*)([\w@]+)(?:=((?:\\.|[^\\[])*))?((?:\[[^\]]*\])*)$/s.exec(filter) ?? []
  return { before, name, args, after }
}

/**
 * A graph as the processor does it.
 *
 * @param {string} graph
 * @param {string} first what the decoder has done to the pictures of input 0, as a filter; none for nothing
 */
export function inMemory(graph, first) {
  const chains = parts(graph, ';').map((chain) => {
    const filters = parts(chain, ',').map(split)
    const isFilm =
      filters[0]?.before === '' || filters[0]?.before === '[0:0]' || filters[0]?.before === '[0:v:0]'
    const before = filters[0]?.before ?? ''
    const after = filters.at(-1)?.after ?? ''
    const plain = [isFilm ? first : '', ...filters.map(plainFilter)].filter((text) => text !== '')
    return `${before}${plain.length === 0 ? 'null' : plain.join(',')}${after}`
  })
  return chains.join(';')
}

/** @param {{ name: string, args: string }} filter */
function plainFilter({ name, args }) {
  const value = namedArguments(args)
  if (/^(hwupload|hwdownload|hwmap)/.test(name)) return ''
  if (name === 'format') {
    const kept = (value.pix_fmts ?? args).split('|').filter((one) => !surfaces.test(one))
    return kept.length === 0 ? '' : `format=pix_fmts=${kept.join('|')}`
  }
  if (/^(scale|vpp)_|^libplacebo$/.test(name)) return scaled(value)
  if (/^tonemap_/.test(name)) return value.w ? `scale=w=${value.w}:h=${value.h},${toneMap}` : toneMap
  if (/^(deinterlace|yadif|bwdif)_/.test(name)) return 'yadif'
  if (/^transpose_/.test(name)) return turns[value.dir ?? ''] ?? 'null'
  if (/^overlay_/.test(name)) return `overlay${args === '' ? '' : `=${args}`}`
  return `${name}${args === '' ? '' : `=${args}`}`
}

/** @param {Readonly<Record<string, string>>} value */
function scaled(value) {
  const divisor = value.force_divisible_by ? `:force_divisible_by=${value.force_divisible_by}` : ''
  return [
    value.transpose ? (turns[value.transpose] ?? '') : '',
    value.w ? `scale=w=${value.w}:h=${value.h}${divisor}` : '',
    value.color_transfer || value.tonemapping ? toneMap : '',
    value.format && !surfaces.test(value.format) ? `format=pix_fmts=${value.format}` : '',
  ]
    .filter((text) => text !== '')
    .join(',')
}

/** The sides that a graph gives its pictures last, where it says. @param {string} graph @returns {[number, number] | null} */
export function sidesOf(graph) {
  const found = [...graph.matchAll(/(?:scale|vpp|placebo)\w*=w=(\d+):h=(\d+)/g)].at(-1)
  return found ? [Number(found[1]), Number(found[2])] : null
}
