#!/usr/bin/env node
// Stands in for the server's own transcoder after a hand-back: makes every segment from the first that its arguments
// name to the film's end with plain ffmpeg, and announces each as it is there. LAST_SEGMENT says where the film ends.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'

const args = process.argv.slice(2)
const after = (/** @type {string} */ name) => args[args.lastIndexOf(name) + 1] ?? ''
const first = Number(after('-segment_start_number'))
const length = Number(after('-segment_time'))
const ss = args.indexOf('-ss')
const last = Number(process.env.LAST_SEGMENT)
writeFileSync(String(process.env.NOTE), JSON.stringify({ at: Date.now(), args }))
if (first > 0 && (ss < 0 || Number(args[ss + 1]) !== first * length)) throw new Error(`-ss ${args[ss + 1]}`)
if (args.includes('-fps_mode') && first > 0) throw new Error('a constant frame rate from 0')

/** @param {string} body */
function post(body) {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers: { 'Transfer-Encoding': 'chunked', Connection: 'close' } }
    const outgoing = request(after('-segment_list'), options, (incoming) => {
      incoming.resume().on('end', resolve)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

for (let segment = first; segment <= last; segment++) {
  const name = `media-${String(segment).padStart(5, '0')}.ts`
  const cut = ['-ss', String(segment * length), '-t', String(length), '-i', after('-i'), '-c', 'copy']
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...cut, '-f', 'mpegts', name])
  if (readFileSync(name).length === 0) throw new Error(`${name} is empty`)
  const times = [segment * length, (segment + 1) * length].map((time) => time.toFixed(6))
  await post(`${name},${times[0]},${times[1]},${times[1]},${times[1]}\n`)
}
