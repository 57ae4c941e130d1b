// npm run build:plex-transcoder -- --source DIR: Plex's published transcoder with Paceline's filters. docs/ffmpeg-build.md
import { parseArgs } from 'node:util'
import { buildPlexTranscoder } from './build-ffmpeg/plex-transcoder.js'
import { explainFailure } from './setup/explain-failure.js'
import { root } from './setup/set-up.js'

const { values } = parseArgs({ options: { source: { type: 'string' } } })

try {
  if (values.source === undefined) {
    console.error(
      '--source names the folder with the source that Plex publishes; it is not part of Paceline.',
    )
    process.exit(2)
  }
  console.log(await buildPlexTranscoder(root, values.source))
} catch (error) {
  const sentence = explainFailure(error, root)
  if (sentence === undefined) throw error
  console.error(sentence)
  process.exit(1)
}
