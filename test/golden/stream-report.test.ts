import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reportedDuration, streamReports } from '../../src/dialects/plex/stream-report.ts'
import { probeMedia } from '../../src/media/probe.ts'
import { requestsOf, tail } from './compare-calls.ts'
import { readRecording } from './recording.ts'
import { sharedFolder, sharedNote } from './shared-folder.ts'

const folder = sharedFolder === null ? null : join(sharedFolder, 'golden/plex')
const names = folder === null ? [] : readdirSync(folder).filter((name) => !name.startsWith('missing'))

describe('what a real clip is reported to be', () => {
  it.skipIf(folder === null)(`is what each recording says${sharedNote}`, async () => {
    expect(names.length).toBeGreaterThan(10)
    for (const name of names) {
      const recording = readRecording(join(folder ?? '', name))
      const info = await probeMedia(join(sharedFolder ?? '', 'media', recording.media))
      const recorded = requestsOf(recording, 'stream', 'streamDetail').map((request) => tail(request))
      expect(
        streamReports(info).map((report) => `progress${report}`),
        name,
      ).toEqual(recorded)
      const duration = requestsOf(recording, 'duration').map((request) => tail(request))
      expect([`progress?duration=${reportedDuration(info)?.toFixed(6)}`], name).toEqual(duration)
    }
  })
})
