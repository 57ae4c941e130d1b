// npm run build:ffmpeg: FFmpeg with Paceline's filters, for this machine and for arm64. docs/ffmpeg-build.md
import { parseArgs } from 'node:util'
import { buildJetson } from './build-ffmpeg/build-jetson.js'
import { buildTarget } from './build-ffmpeg/build-target.js'
import { install } from './build-ffmpeg/install.js'
import { onTheBoard } from './build-ffmpeg/jetson.js'
import { targets } from './build-ffmpeg/target.js'
import { explainFailure } from './setup/explain-failure.js'
import { root } from './setup/set-up.js'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    jetson: { type: 'boolean', default: false },
    nvmpi: { type: 'string' },
    'no-install': { type: 'boolean', default: false },
  },
})

try {
  if (values.only !== undefined && !(values.only in targets)) {
    console.error(`--only takes amd64 or arm64, not ${values.only}.`)
    process.exit(2)
  }
  if (values.jetson) {
    console.log(await buildJetson(root, values.nvmpi))
    console.log(onTheBoard)
  }
  for (const target of values.jetson ? [] : Object.values(targets)) {
    if (values.only !== undefined && values.only !== target.architecture) continue
    const file = await buildTarget(root, target)
    console.log(file)
    const isOurs = (target.architecture === 'amd64' ? 'x64' : 'arm64') === process.arch
    if (isOurs && !values['no-install']) await install(root, file)
  }
} catch (error) {
  const sentence = explainFailure(error, root)
  if (sentence === undefined) throw error
  console.error(sentence)
  process.exit(1)
}
