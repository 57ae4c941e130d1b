// npm start: sets up what is missing, then becomes `paceline up --demo`.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, setUp } from './setup/set-up.js'
import { toolEnvironment } from './setup/tool-environment.js'

await setUp()

const main = join(root, 'dist', 'cli', 'main.js')
if (!existsSync(main)) {
  console.error(`${main} is missing although the build succeeded: run npm start in a clean clone.`)
  process.exit(1)
}

// npm runs us in the project's folder; files named on the command line are meant from where it was typed.
if (process.env.npm_lifecycle_event === 'start') process.chdir(process.env.INIT_CWD ?? root)
Object.assign(process.env, toolEnvironment())
delete process.env.NODE_EXTRA_CA_CERTS

// In this process rather than a child of it: nothing stands between a terminal's Ctrl-C and the program it is meant for.
process.argv = [process.execPath, main, 'up', '--demo', ...process.argv.slice(2)]
await import(pathToFileURL(main).href)
