#!/usr/bin/env node
// Stands in for the server's own transcoder: makes all segments from the one that its arguments name on, with one plain
// ffmpeg, and announces each when it is whole. NOTE is a file to which it says that it ran, and from where.
import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { request } from 'node:http'
import { createInterface } from 'node:readline'

const args = process.argv.slice(2)
const after = (/** @type {string} */ name) => args[args.lastIndexOf(name) + 1] ?? ''
const first = Number(after('-segment_start_number'))
const length = Number(after('-segment_time'))
const fromSeconds = args.includes('-ss') ? Number(after('-ss')) : 0
appendFileSync(String(process.env.NOTE), `${JSON.stringify({ at: Date.now(), first, fromSeconds })}\n`)
if (fromSeconds !== first * length) throw new Error(`-ss ${fromSeconds} for segment ${first}`)

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

const frames = Number(after('-r:0')) * length
const cuts = Array.from({ length: 1_000 }, (_, index) => (index + 1) * frames).join(',')
const seek = fromSeconds > 0 ? ['-ss', String(fromSeconds)] : []
const child = spawn(
  'setpriv',
  [
    ...[
      '--pdeathsig',
      'KILL',
      'ffmpeg',
      '-v',
      'error',
      '-nostdin',
      ...seek,
      '-readrate',
      '10',
      '-i',
      after('-i'),
    ],
    ...[
      '-start_at_zero',
      '-copyts',
      '-map',
      '0:v:0',
      '-map',
      '0:a:0',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
    ],
    ...['-force_key_frames', `expr:gte(t,n_forced*${length})`, '-c:a', 'aac', '-b:a', '119k'],
    ...['-max_delay', after('-max_delay'), '-avoid_negative_ts', 'disabled', '-f', 'ssegment'],
    ...['-segment_format', 'mpegts', '-segment_format_options', after('-segment_format_options')],
    ...['-segment_frames', cuts, '-segment_start_number', String(first)],
    ...['-segment_list', 'pipe:1', '-segment_list_type', 'csv', 'media-%05d.ts'],
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
let announced = Promise.resolve()
createInterface({ input: child.stdout }).on('line', (line) => {
  const [name = ''] = line.split(',')
  const number = Number(/\d+/.exec(name)?.[0])
  const times = [number * length, (number + 1) * length].map((time) => time.toFixed(6))
  announced = announced.then(() => post(`${name},${times[0]},${times[1]},${times[1]},${times[1]}\n`))
})
child.on('close', (code) => {
  announced.then(
    () => process.exit(code ?? 1),
    (error) => {
      console.error(error)
      process.exit(1)
    },
  )
})
