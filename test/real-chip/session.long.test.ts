import { chmod, copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtFfmpeg } from '../tonemap/cpu-filter-tools.ts'
import { judge } from './judge.ts'
import { playOnChip } from './session.ts'

const ffmpeg = builtFfmpeg()
if (ffmpeg === undefined)
  console.warn('No session in HDR10 is played on a card: `npm run build:ffmpeg` has not been run.')

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-card-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe.skipIf(ffmpeg === undefined)(
  'a node with a card that cannot encode, beside two without a card',
  () => {
    it('proves what the card can, and plays its part of an HDR10 film without a seam', async () => {
      const card = join(folder, 'ffmpeg')
      await copyFile(join(import.meta.dirname, 'card-ffmpeg.sh'), card)
      await chmod(card, 0o755)
      const { evidence, proved } = await playOnChip({
        ...{ size: '640x360', seconds: 16, platform: 'nvidia', ffmpeg: card, softwareFfmpeg: ffmpeg! },
        processors: [undefined, undefined, undefined],
      })
      expect(proved.decodes).toContain('hevc 10-bit by nvdec')
      expect(proved.filters).toContain('tonemap_paceline_cuda')
      expect(proved.encodes).toEqual([])
      const encoder = proved.failed.find(({ what }) => what === 'encoding 8 bits by h264_nvenc')
      expect(encoder?.why).toContain('No capable devices found')
      const softwareNodes = ['node-2', 'node-3']
      const expected = { chipNode: 'node-1', way: 'nvidia:decode-filter', filter: 'tonemap_paceline_cuda' }
      expect(judge(evidence, { ...expected, softwareNodes })).toEqual([])
    }, 240_000)
  },
)
