#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { toolSearchPath } from '../scripts/setup/tool-environment.js'

const main = new URL('../dist/cli/main.js', import.meta.url)
if (!existsSync(main)) {
  console.error(
    `Paceline is not built yet: run \`npm run setup\` in ${new URL('..', import.meta.url).pathname} first.`,
  )
  process.exit(1)
}
// What a node was given to join with is nobody's business who looks at the list of processes.
if (process.argv.some((word) => word.startsWith('--join'))) process.title = 'paceline node'
// Debian puts nats-server where the search path of an ordinary user does not lead.
process.env.PATH = toolSearchPath()
await import(main.href)
