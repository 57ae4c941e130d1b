import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { pino } from 'pino'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openProbeDesk } from '../../src/head/probe/probe-desk.ts'
import { startLoopback } from '../../src/node/loopback.ts'
import { buildShims } from '../shim/shim-builds.ts'

beforeAll(buildShims)

const stranger = 61_302

/** What a program of that user gets from an address: a status, or that there is no answer. */
async function ask(url: string, uid: number): Promise<string> {
  const script =
    'require("node:http").get(process.argv[1], ({ statusCode }) => { console.log(statusCode); process.exit() })' +
    '.on("error", () => console.log("no answer"))'
  const child = spawn(process.execPath, ['-e', script, url], { uid, stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  await once(child, 'close')
  return text.trim()
}

describe.skipIf(process.getuid!() !== 0)(
  'an address of a lease, as the list of processes shows it (needs root to be others)',
  () => {
    it('gives another user of the node nothing, who is logged once', async () => {
      const said: [string, object | undefined][] = []
      const loopback = await startLoopback({ warn: (message, fields) => void said.push([message, fields]) })
      onTestFinished(() => loopback.close())
      const lease = loopback.reserve()
      lease.serve({
        serveInput: (_index, _request, response) => void response.writeHead(200).end('film'),
        takeSegment: (_number, _request, response) => void response.writeHead(201).end(),
      })
      expect(await ask(lease.input(0), 0)).toBe('200')
      expect(await ask(lease.input(0), stranger)).toBe('no answer')
      expect(await ask(lease.input(0), stranger)).toBe('no answer')
      expect(await ask(lease.input(0), 0)).toBe('200')
      expect(said.map(([, fields]) => fields)).toEqual([{ code: 'E_LOOPBACK_USER', uid: stranger }])
    })

    it('gives another user of the head nothing', async () => {
      const desk = await openProbeDesk(pino({ level: 'silent' }))
      onTestFinished(() => desk.close())
      const address = desk.reserve()
      address.serve({ size: 4, read: async () => Buffer.from('film'), close: async () => undefined })
      expect(await ask(address.url, stranger)).toBe('no answer')
      expect(await ask(address.url, 0)).toBe('200')
    })
  },
)
