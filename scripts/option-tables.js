// npm run option-tables: asks FFmpeg 8.1 of Jellyfin, as the npm package node-av has it for x64 and arm64, which of the
// words that platforms put into commands it has and takes, and writes the answers down for the unit tests. The packages
// have 175 MB each, so that they are no dependency; they are fetched once, below .cache. Needs a built dist/.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { askBoth } from './option-tables/ask-both.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const answersFile = join(root, 'src', 'platforms', 'testing', 'option-tables.json')
const built = '../dist/platforms/testing/asked-words.js'
const { askedWords } = await import(built)
writeFileSync(answersFile, `${JSON.stringify(askBoth(askedWords()), null, 1)}\n`)
execFileSync('npx', ['biome', 'format', '--write', answersFile], { cwd: root, stdio: 'ignore' })
console.log(answersFile)
