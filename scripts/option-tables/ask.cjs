// Run by scripts/option-tables.js, under qemu too: asks FFmpeg's own tables, in the addon that is named, what of the words
// on stdin it has, and whether it takes the values.
'use strict'
const { readFileSync } = require('node:fs')

const addon = require(process.argv[2] ?? '')
const asked = JSON.parse(readFileSync(0, 'utf8'))
// AV_OPT_SEARCH_CHILDREN: private options too.
const withChildren = 1

/**
 * Values that are taken, by option, and the range of numbers; null where there is no such thing.
 *
 * @param {Record<string, Record<string, string[]>>} told
 * @param {(name: string) => unknown} open
 */
function answers(told, open) {
  return Object.fromEntries(
    Object.entries(told).map(([name, options]) => {
      if (open(name) === null) return [name, null]
      const rows = Object.entries(options).map(([option, values]) => {
        const found = addon.Option.find(open(name), option, withChildren)
        if (found === null) return [option, null]
        const taken = values.filter((value) => addon.Option.set(open(name), option, value, withChildren) >= 0)
        return [option, { range: [Number(found.min), Number(found.max)], taken }]
      })
      return [name, Object.fromEntries(rows)]
    }),
  )
}

/** @param {(name: string) => unknown} find @returns {(name: string) => unknown} */
function codec(find) {
  return (name) => {
    const known = find(name)
    if (!known) return null
    const context = new addon.CodecContext()
    context.allocContext3(known)
    return context
  }
}

const graph = new addon.FilterGraph()
graph.alloc()
let filters = 0

/** @param {string} name */
function filter(name) {
  const known = addon.Filter.getByName(name)
  filters += 1
  return known ? graph.allocFilter(known, `filter${filters}`) : null
}

process.stdout.write(
  JSON.stringify({
    encoders: answers(asked.encoders, codec(addon.Codec.findEncoderByName)),
    decoders: answers(asked.decoders, codec(addon.Codec.findDecoderByName)),
    filters: answers(asked.filters, filter),
    devices: asked.devices.filter(
      (/** @type {string} */ name) => addon.avGetHardwareDeviceTypeFromName(name) > 0,
    ),
  }),
)
