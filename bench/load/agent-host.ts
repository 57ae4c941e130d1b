/**
 * Several nodes in one process, each with credentials and a connection of its own: `agent-host.js FFMPEG` reads from
 * stdin one line of JSON, `{"folder":…,"tokens":[…]}`, says `ready` when all of them work, and ends with its stdin.
 */
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { connectNode } from '../../src/cluster/connect-node.ts'
import { startAgent } from '../../src/node/agent.ts'
import { confined } from '../../src/node/confinement.ts'
import { joinedCredentials } from '../../src/node/join.ts'
import { createLog } from '../../src/node/log.ts'

interface Orders {
  readonly folder: string
  readonly tokens: readonly { readonly name: string; readonly token: string }[]
}

const [ffmpeg = 'ffmpeg'] = process.argv.slice(2)
const version = 'bench'
const all = createLog({ json: true, write: (line) => process.stderr.write(line) })
const log = { ...all, info: () => {}, warn: () => {} }

const lines = createInterface({ input: process.stdin })
const closed = once(lines, 'close')
const [line] = (await once(lines, 'line')) as [string]
const { folder, tokens } = JSON.parse(line) as Orders
for (const { name, token } of tokens) await startNode(join(folder, name), name, token)
console.log('ready')
await closed
process.exit(0)

async function startNode(own: string, name: string, token: string): Promise<void> {
  const { signal } = new AbortController()
  const credentials = await joinedCredentials({ ...{ folder: own, token, name, version, log, signal } })
  if (credentials === undefined) throw new Error(`${name} has not joined`)
  const listeners = { down: [] as (() => void)[], up: [] as (() => void)[] }
  const link = await connectNode(credentials, {
    onDown: () => listeners.down.forEach((listener) => void listener()),
    onUp: () => listeners.up.forEach((listener) => void listener()),
    onError: (error) => log.error('the connection to the head', { error }),
  })
  await startAgent({
    ...{ ffmpeg, version, log, confinement: confined, platforms: ['software'] },
    control: {
      ...link,
      onDisconnect: (listener) => listeners.down.push(listener),
      onReconnect: (listener) => listeners.up.push(listener),
    },
    ...{ headUrl: credentials.head, certificate: credentials.certificate, identity: credentials.identity },
    ...{ id: credentials.id, name: credentials.name },
    ...{ cacheFolder: join(own, 'blocks'), filesFolder: join(own, 'files') },
    // A node has a machine of its own, these share one.
    limits: { cacheBytes: 4 * 1024 * 1024, diskBytes: 1024 * 1024 },
  })
}
