import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../power/secret.ts'
import type { Outlet, OutwardEvent } from './outward-event.ts'
import { openWebhook, signatureOf, type WebhookOptions } from './webhook.ts'

interface Got {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

let server: Server
let got: Got[]
/** What it answers, in turn; the last again and again. */
let answers: (number | 'silence' | 'cut')[]
let troubles: string[]
let outlet: Outlet | undefined

beforeEach(async () => {
  got = []
  answers = [204]
  troubles = []
  server = createServer(async (request, response) => {
    const body = await text(request)
    got.push({ headers: request.headers, body })
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!
    if (answer === 'cut') request.socket.destroy()
    else if (answer !== 'silence') response.writeHead(answer, { location: 'http://127.0.0.1:1/' }).end('x')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  await outlet?.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const event: OutwardEvent = {
  ...{ type: 'node-state', atMs: 5, node: { id: 'n1', name: 'loft' }, state: 'busy', before: 'ready' },
}

function open(
  more: Partial<WebhookOptions> = {},
  settings: Partial<WebhookOptions['settings']> = {},
): Outlet {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=1`
  outlet = openWebhook({
    settings: { url, events: ['node-state', 'session-ended'], ...settings },
    ...{ onTrouble: (what) => void troubles.push(what), wallNow: () => 1_800_000_000_000 },
    ...{ pausesMs: [5, 5, 5], patienceMs: 10_000, ...more },
  })
  return outlet
}

async function until(count: number): Promise<void> {
  const began = performance.now()
  while (got.length < count && performance.now() - began < 5_000)
    await new Promise((done) => setTimeout(done, 5))
  await new Promise((done) => setTimeout(done, 30))
  expect(got).toHaveLength(count)
}

describe('a webhook', () => {
  it('gets what it wants to hear of, signed so that it knows whose it is and how old', async () => {
    const hook = open({}, { secret: new Secret('key') })
    hook.tell(event)
    hook.tell({ type: 'session-began', atMs: 5, session: 's', title: 'film', job: 'HLS' })
    await until(1)
    const [{ headers, body }] = got as [Got]
    expect(JSON.parse(body)).toMatchObject({ ...event, id: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    expect(headers).toMatchObject({
      ...{ 'content-type': 'application/json', 'x-paceline-event': 'node-state' },
      ...{
        'x-paceline-timestamp': '1800000000',
        'x-paceline-signature': signatureOf('key', '1800000000', body),
      },
    })
    // HMAC-SHA256 of "1.a" with the key "key", by openssl dgst.
    expect(signatureOf('key', '1', 'a')).toBe(
      'sha256=32a5f52f8b585db06b5960c1b30992c0575588cf6343eeb646efa5bfd9ca5a17',
    )
  })

  it('that has none is not signed', async () => {
    open().tell(event)
    await until(1)
    expect(got[0]?.headers['x-paceline-signature']).toBeUndefined()
  })

  it('that fails for a while gets it again, as the same', async () => {
    answers = [503, 'cut', 'silence', 200]
    open({ patienceMs: 700 }).tell(event)
    await until(4)
    expect(new Set(got.map(({ body }) => JSON.parse(body).id)).size).toBe(1)
    expect(troubles).toEqual([])
  })

  it('that does not want it is not asked again, and sends nobody elsewhere', async () => {
    answers = [404, 302]
    const hook = open()
    hook.tell(event)
    hook.tell(event)
    await until(2)
    expect(troubles).toEqual([expect.stringMatching(/^webhook at 127\.0\.0\.1:\d+: it answers 404$/)])
    expect(troubles.join()).not.toContain('key=1')
  })

  it('that stays away keeps only so many waiting, in their order, and is complained of once', async () => {
    answers = ['silence']
    const hook = open({ patienceMs: 700 })
    for (let n = 0; n < 250; n++) hook.tell({ ...event, atMs: n })
    expect(troubles).toHaveLength(1)
    await until(1)
    answers = [200]
    await until(102)
    const order = got.slice(2).map(({ body }) => JSON.parse(body).atMs)
    expect(order).toEqual(Array.from({ length: 100 }, (_, n) => n + 150))
  })

  it('is left alone at once when the head goes', async () => {
    answers = ['silence']
    const hook = open({ patienceMs: 60_000 })
    hook.tell(event)
    await until(1)
    const began = performance.now()
    await hook.close()
    expect(performance.now() - began).toBeLessThan(1_000)
    hook.tell(event)
    await until(1)
  })
})
