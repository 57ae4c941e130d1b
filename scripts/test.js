// npm test: sets up what is missing, then type check, linter and tests. Arguments go to vitest.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, setUp } from './setup/set-up.js'
import { installTestBrowser } from './setup/test-browser.js'
import { installTestEmulator } from './setup/test-emulator.js'
import { installTestServers } from './setup/test-servers.js'
import { runProgramChecks, runTests } from './test/checks.js'
import { sumOf, tallyLine } from './test/tally.js'

/** Kept for .ci/run, whose last line it has to be whatever npm adds. */
const lastTally = join(root, '.cache', 'test-tally.txt')

rmSync(lastTally, { force: true })
await setUp()
const withoutServers = await installTestServers(root)
if (withoutServers !== undefined) console.error(withoutServers)
const withoutBrowser = await installTestBrowser(root, process.argv.slice(2))
if (withoutBrowser !== undefined) console.error(withoutBrowser)
const withoutEmulator = await installTestEmulator(root, process.argv.slice(2))
if (withoutEmulator !== undefined) console.error(withoutEmulator)
const tallies = await runProgramChecks(root)
const tally = sumOf([...tallies, await runTests(root, process.argv.slice(2))])

if (tally.skipped > 0) console.log(`${tally.skipped} skipped`)
console.log(tallyLine(tally))
mkdirSync(join(root, '.cache'), { recursive: true })
writeFileSync(lastTally, `${tallyLine(tally)}\n`)
process.exitCode = tally.failed === 0 ? 0 : 1
