import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import type { Role } from './contract/access.ts'
import { type ApiViews, addViewRoutes } from './view-routes.ts'

let server: FastifyInstance
let role: Role | null
let places: number
let ended: number

beforeEach(async () => {
  role = 'admin'
  places = 1
  ended = 0
  const hub = {
    hasRoom: (kept: number) => places > kept,
    read(sink: { write(text: string): boolean }) {
      sink.write('event: hello\n\n')
      return () => void ended++
    },
  }
  server = fastify({ forceCloseConnections: true })
  addViewRoutes(server, { hub } as unknown as ApiViews, () => role, 20)
  await server.listen({ host: '127.0.0.1', port: 0 })
})

afterEach(() => server.close())

async function readEvents(): Promise<IncomingMessage> {
  const { port } = server.server.address() as AddressInfo
  const [answer] = (await once(get({ host: '127.0.0.1', port, path: '/events' }), 'response')) as [
    IncomingMessage,
  ]
  answer.on('error', () => undefined).resume()
  return answer
}

describe('the stream of events', () => {
  it('ends for a reader who was signed out while he read', async () => {
    const answer = await readEvents()
    role = null
    await eventually(() => answer.destroyed && ended === 1)
  })

  it('has places that only who may do all can take', async () => {
    places = 16
    const admins = await readEvents()
    role = 'viewer'
    const refused = await readEvents()
    places = 17
    const viewers = await readEvents()
    expect([admins, refused, viewers].map(({ statusCode }) => statusCode)).toEqual([200, 503, 200])
    for (const answer of [admins, viewers]) answer.destroy()
    await eventually(() => ended === 2)
  })

  it('goes on for one who still is signed in', async () => {
    const answer = await readEvents()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect([answer.destroyed, ended]).toEqual([false, 0])
  })
})
