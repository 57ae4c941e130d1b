// Called by the script that stands for a board's ffmpeg: board-ffmpeg.js BOARD REAL STATE ARGS... prints what a shell is to
// do in its place, so that the process that is started becomes the real ffmpeg. STATE is a folder: which encoders run now,
// what was started (`starts`), and what has broken (`faults.json`).
import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { boardNamed } from './board.js'
import { listing } from './listing.js'
import { translate } from './translate.js'

const [name = '', real = '', state = '', ...args] = process.argv.slice(2)
const board = await boardNamed(name)

/** @param {string} word */
const quoted = (word) => `'${word.replaceAll("'", "'\\''")}'`
/** @param {readonly string[]} words */
const quotedAll = (words) => words.map(quoted).join(' ')
/** @param {string} words @param {number} [code] */
const refusal = (words, code = 1) => `printf '%s\\n' ${quoted(words)} >&2; exit ${code}`

/** @param {string} path @returns {import('./translate.js').Film | null} */
function look(path) {
  const entries = 'stream=codec_name,width,height,pix_fmt'
  const asked = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', entries, '-of', 'json', path]
  try {
    const told = execFileSync(join(dirname(real), 'ffprobe'), asked, { encoding: 'utf8' })
    const { codec_name: codec, width, height, pix_fmt: format } = JSON.parse(told).streams[0]
    return { codec, width, height, bits: /p1[02]|p01[02]/.test(format) ? 10 : 8 }
  } catch {
    return null
  }
}

/** Encoders of this name that run at this moment, this one not counted. @param {string} encoder */
function running(encoder) {
  const pids = readdirSync(state).flatMap((file) => {
    const [, pid, of] = /^running-(\d+)-(.*)$/.exec(file) ?? []
    return of === encoder && pid ? [pid] : []
  })
  return pids.filter((pid) => existsSync(`/proc/${pid}`) && pid !== String(process.ppid)).length
}

/** @returns {Readonly<Record<string, { words: string, afterSeconds?: number }>>} */
function faults() {
  const file = join(state, 'faults.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
}

function script() {
  const listed = listing(board, args)
  if (listed) return `${quoted(real)} ${quotedAll(listed.ask)} | ${listed.filter}`
  const translation = translate(board, args, look)
  if ('words' in translation) return refusal(translation.words)
  const { decoders, encoders, chosen } = translation
  for (const encoder of encoders) {
    const { atOnce = Number.POSITIVE_INFINITY, tooMany = '' } = board.encoders[encoder] ?? {}
    if (running(encoder) >= atOnce) return refusal(`[${encoder} @ 0x55d0c8] ${tooMany}`)
    writeFileSync(join(state, `running-${process.ppid}-${encoder}`), '')
  }
  const isLease = args.includes('-progress') && !args.includes('null')
  if (isLease)
    appendFileSync(join(state, 'starts'), `${[...decoders, ...encoders].join(' ') || 'processor'}\n`)
  const command = `${quoted(real)} ${quotedAll(translation.args)}`
  const broken = faults()
  const fault = [...decoders, ...encoders].map((one) => broken[one]).find((one) => one !== undefined)
  if (fault?.afterSeconds) {
    return `${command} & child=$!; sleep ${fault.afterSeconds}; kill -SEGV $child; wait $child; code=$?; printf '%s\\n' ${quoted(fault.words)} >&2; exit $code`
  }
  if (fault) return refusal(fault.words)
  if (!chosen || !args.includes('debug')) return `exec ${command}`
  const said = `${quoted(state)}/said-$$`
  const changed = `sed 's/Format [a-z0-9]* chosen by get_format/Format ${chosen} chosen by get_format/'`
  return `${command} 2>${said}; code=$?; ${changed} ${said} >&2; rm -f ${said}; exit $code`
}

process.stdout.write(`${script()}\n`)
