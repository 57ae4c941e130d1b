import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keepPorts, openOnPort, readKeptPorts } from './kept-ports.ts'

let folder: string
let open: Server[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-ports-'))
  open = []
})

afterEach(async () => {
  await Promise.all(open.map((server) => new Promise((closed) => server.close(closed))))
  await rm(folder, { recursive: true, force: true })
})

/** Listens on a port of this machine as the head's servers do; answers with the port it got. */
async function listen(port: number): Promise<number> {
  const server = createServer()
  const listening = once(server, 'listening')
  server.listen(port, '127.0.0.1')
  await listening
  open.push(server)
  return (server.address() as AddressInfo).port
}

describe('the ports of the last start', () => {
  it('are none at the first one', async () => {
    expect(await readKeptPorts(folder)).toEqual({ nats: 0, data: 0 })
  })

  it('come back as they were kept', async () => {
    await keepPorts(folder, { nats: 4_222, data: 7_443 })
    expect(await readKeptPorts(folder)).toEqual({ nats: 4_222, data: 7_443 })
  })

  it.each([
    ['nothing', ''],
    ['half of it', '{"nats":4222,"da'],
    ['something else', '[]'],
    ['no whole number', '{"nats":4222.5,"data":1}'],
    ['no port', '{"nats":4222,"data":70000}'],
    ['a negative one', '{"nats":-1,"data":7443}'],
  ])('are none where the file holds %s', async (_name, text) => {
    await writeFile(join(folder, 'ports.json'), text)
    expect(await readKeptPorts(folder)).toEqual({ nats: 0, data: 0 })
  })
})

describe('opening on a port', () => {
  it('uses the one that was kept', async () => {
    const port = await listen(0)
    await new Promise((closed) => open.pop()!.close(closed))
    expect(await openOnPort({ named: undefined, kept: port }, listen)).toBe(port)
  })

  it('uses any other when somebody has taken that one meanwhile', async () => {
    const taken = await listen(0)
    const lost: number[] = []
    const got = await openOnPort({ named: undefined, kept: taken }, listen, (port) => lost.push(port))
    expect(got).not.toBe(taken)
    expect(got).toBeGreaterThan(0)
    expect(lost).toEqual([taken])
  })

  it('asks the kernel for one at the first start', async () => {
    const asked: number[] = []
    await openOnPort({ named: undefined, kept: 0 }, async (port) => void asked.push(port))
    expect(asked).toEqual([0])
  })

  it('uses the one that the user names, or fails', async () => {
    const taken = await listen(0)
    await expect(openOnPort({ named: taken, kept: 0 }, listen)).rejects.toThrow(/EADDRINUSE/)
  })

  it('does not try elsewhere what fails for another reason', async () => {
    const asked: number[] = []
    const failing = openOnPort({ named: undefined, kept: 7_443 }, async (port) => {
      asked.push(port)
      throw new Error('no nats-server here')
    })
    await expect(failing).rejects.toThrow('no nats-server here')
    expect(asked).toEqual([7_443])
  })
})
