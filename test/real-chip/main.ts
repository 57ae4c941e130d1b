/**
 * Plays an HDR10 film on a chip of this machine and without it, in one session, and says what is wrong with it.
 *
 *   npm run chip-session -- [--platform nvidia] [--way nvidia:decode-filter]
 *     [--filter tonemap_paceline_cuda] [--size 3840x2160] [--seconds 60]
 *     [--ffmpeg PATH] [--software-ffmpeg PATH] [--picture seams.png] [--proofs FOLDER]
 */
import { parseArgs } from 'node:util'
import { processors } from '../../bench/processors.ts'
import { judge, seamsOf } from './judge.ts'
import { playOnChip } from './session.ts'
import { shareProcessors } from './share-processors.ts'

const { values: flags } = parseArgs({
  options: {
    platform: { type: 'string', default: 'nvidia' },
    way: { type: 'string', default: 'nvidia:decode-filter' },
    filter: { type: 'string', default: 'tonemap_paceline_cuda' },
    size: { type: 'string', default: '3840x2160' },
    seconds: { type: 'string', default: '60' },
    ffmpeg: { type: 'string', default: '/opt/paceline/bin/ffmpeg' },
    'software-ffmpeg': { type: 'string' },
    picture: { type: 'string' },
    proofs: { type: 'string' },
  },
})

const { head, nodes } = shareProcessors(processors())
const { evidence, proved, provedAfterSeconds, seconds } = await playOnChip({
  ...{ size: flags.size as `${number}x${number}`, seconds: Number(flags.seconds), platform: flags.platform },
  ...{ ffmpeg: flags.ffmpeg, softwareFfmpeg: flags['software-ffmpeg'] ?? flags.ffmpeg },
  ...{ headProcessors: head, processors: nodes },
  ...(flags.picture !== undefined && { picture: flags.picture }),
  ...(flags.proofs !== undefined && { proofs: flags.proofs }),
})
const softwareNodes = nodes.slice(1).map((_, index) => `node-${index + 2}`)
const wrong = judge(evidence, {
  ...{ chipNode: 'node-1', way: flags.way, filter: flags.filter, softwareNodes },
})
const { makers, ways, likeness, wanted, log } = evidence
const seams = seamsOf(evidence)
const inOrder = Array.from({ length: wanted.segments }, (_, segment) => makers[segment] ?? '?')
console.log(`${flags.platform} was proved after ${provedAfterSeconds.toFixed(1)} s:`)
console.log(`  decodes ${proved.decodes.join(', ')}`)
console.log(`  filters ${proved.filters.join(', ')}; encodes ${proved.encodes.join(', ') || 'nothing'}`)
for (const { what, why } of proved.failed) console.log(`  failed: ${what}: ${why.replaceAll('\n', ' | ')}`)
console.log(`the film of ${flags.seconds} s in ${flags.size} took ${seconds.toFixed(1)} s`)
for (const [node, how] of Object.entries(ways))
  console.log(
    `  ${node} made ${inOrder.filter((maker) => maker === node).length} segments by ${how.join(', then ')}`,
  )
console.log(`  segments in order: ${inOrder.map((name) => name.replace('node-', '')).join(' ')}`)
console.log(
  `  ${evidence.frames.length} pictures, ${seams.length} seams; each segment's worst picture, dB from the film:`,
)
console.log(`  ${likeness.map((each) => each.toFixed(1)).join(' ')}`)
for (const line of log.split('\n').filter((text) => text.includes('a node makes pictures')))
  console.log(`  ${line}`)
for (const sentence of wrong) console.log(`WRONG: ${sentence}`)
console.log(wrong.length === 0 ? 'seamless' : `${wrong.length} things are wrong`)
process.exitCode = wrong.length === 0 ? 0 : 1
