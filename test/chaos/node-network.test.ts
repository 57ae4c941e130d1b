import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { type NodeNetwork, noNetworks, openNodeNetwork } from './node-network.ts'

const missing = noNetworks()
let network: NodeNetwork | undefined
let server: Server | undefined
let talker: ChildProcess | undefined

afterEach(async () => {
  talker?.kill('SIGKILL')
  if (talker && talker.exitCode === null && talker.signalCode === null) await once(talker, 'exit')
  server?.close()
  network?.close()
  network = undefined
})

describe.skipIf(missing !== null)(
  `a node’s own network${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    it('leads to this machine, and nowhere while its cable is pulled', async () => {
      network = openNodeNetwork()
      let heard = 0
      server = createServer((socket: Socket) => {
        socket.on('data', () => {
          heard += 1
        })
        socket.on('error', () => undefined)
      })
      server.listen(0, network.address)
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo
      const talk = `const s = require('net').connect(${port}, '${network.address}'); setInterval(() => s.write('x'), 50)`
      const [program = '', ...words] = [...network.enter, process.execPath, '-e', talk]
      talker = spawn(program, words, { stdio: 'ignore' })
      await expect.poll(() => heard, { timeout: 5_000 }).toBeGreaterThan(2)
      expect(network.state()).toBe('up')
      network.pull()
      expect(network.state()).toBe('down')
      // What has come before is still to be heard.
      await sleep(100)
      const before = heard
      await sleep(400)
      expect(heard).toBe(before)
      network.plug()
      await expect.poll(() => heard, { timeout: 5_000 }).toBeGreaterThan(before)
    })

    it('leaves nothing', () => {
      const short = openNodeNetwork()
      const path = short.enter[1]?.replace('--net=', '') ?? ''
      expect(existsSync(path)).toBe(true)
      short.close()
      expect(existsSync(path)).toBe(false)
      expect(() => short.state()).toThrow(/ENOENT/)
    })
  },
)
