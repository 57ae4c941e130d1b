import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import { missingFeatures } from '../../cluster/server-features.ts'
import { type Check, type Finding, ill, well } from './check.ts'
import { lastWords, runTool } from './run-tool.ts'

/** Where distributions put servers, and where the search path of an ordinary user does not lead. */
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin']

/** Whether there is a nats-server for the head to start. */
export function natsCheck(): Check {
  return {
    name: 'nats-server',
    async look() {
      const run = await runTool('nats-server', ['--version'])
      if (run.problem === 'ENOENT') return notFound()
      const version = /v?(\d+\.\d+\.\d+\S*)/.exec(run.stdout)?.[1]
      if (run.code !== 0 || version === undefined) {
        return ill(`cannot be run: ${lastWords(run)}`, 'Install it anew: apt-get install nats-server.')
      }
      return well(featuresText(version))
    },
  }
}

/** Nothing is missing that Paceline relies on; the rest is said so that nobody wonders. */
export function featuresText(version: string): string {
  const missing = missingFeatures(version).map(({ feature, since }) => `${feature} (${since})`)
  return missing.length === 0 ? version : `${version}, which works; newer ones add ${missing.join(', ')}`
}

async function notFound(): Promise<Finding> {
  for (const folder of systemFolders) {
    const isHere = await access(join(folder, 'nats-server'), constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isHere) {
      return ill(
        `in ${folder}, which is not on the search path`,
        `Start Paceline with PATH="$PATH:${folder}", or put that into your profile; npm start does it by itself.`,
      )
    }
  }
  return ill(
    'not found on the search path',
    'Install it: apt-get install nats-server. A machine with nodes only, or with --nats, needs none.',
  )
}
