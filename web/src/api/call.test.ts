import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

type Call = typeof import('./call.ts')
type AccessCalls = typeof import('./access.ts')

let call: Call
let calls: AccessCalls
let asked: { url: string; init: RequestInit }[]
let answer: () => Promise<Response>

const reply = (status: number, body: string) => async () => new Response(body, { status })

beforeAll(async () => {
  vi.stubGlobal('document', { baseURI: 'https://proxy/below/' })
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    asked.push({ url, init })
    return answer()
  })
  vi.resetModules()
  call = await import('./call.ts')
  calls = await import('./access.ts')
})

afterAll(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

beforeEach(() => {
  asked = []
  answer = reply(200, '{"role":"admin","csrf":"word","passwords":["admin"]}')
})

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error) => error,
  )

describe('asking the head', () => {
  it('goes beside the page, wherever a proxy has put it, and as this page alone', async () => {
    await call.ask('state')
    expect([asked[0]?.url, asked[0]?.init.credentials]).toEqual([
      'https://proxy/below/api/v1/state',
      'same-origin',
    ])
  })

  it('fails with the head’s own words, or with those of the status where something else answers', async () => {
    answer = reply(409, '{"code":"E_LAST_NODE","message":"It is the last","hint":"Force it."}')
    const failure = await failureOf(call.ask('x'))
    expect([failure.status, failure.problem]).toEqual([
      409,
      { code: 'E_LAST_NODE', message: 'It is the last', hint: 'Force it.' },
    ])
    answer = reply(502, '<h1>Bad gateway</h1>')
    expect((await failureOf(call.ask('x'))).problem).toEqual({
      code: 'HTTP 502',
      message: 'The head answered 502.',
    })
    answer = () => Promise.reject(new TypeError('fetch failed'))
    const away = await failureOf(call.ask('x'))
    expect([away.status, away.problem.code]).toEqual([0, 'E_HEAD_UNREACHABLE'])
  })

  it('asks once more where nothing was answered, as when a machine changes its network', async () => {
    let drops = 1
    answer = () =>
      drops-- > 0 ? Promise.reject(new TypeError('network changed')) : reply(200, '{"is":"there"}')()
    expect(await call.ask('x')).toEqual({ is: 'there' })
    expect(asked.length).toBe(2)
    drops = 1
    expect((await failureOf(call.order('tokens'))).status).toBe(0)
    expect(asked.length).toBe(3)
  })

  it('asks nothing twice that was answered, and signs in with one more try', async () => {
    answer = reply(500, '')
    await failureOf(call.ask('x'))
    expect(asked.length).toBe(1)
    let drops = 1
    answer = () =>
      drops-- > 0 ? Promise.reject(new TypeError('network changed')) : reply(200, '{"role":"viewer"}')()
    await calls.signIn({ key: 'k' })
    expect([asked.length, calls.access.value?.role]).toEqual([3, 'viewer'])
  })

  it('that was given up is no failure of the head', async () => {
    answer = () => Promise.reject(new DOMException('given up', 'AbortError'))
    expect(await failureOf(call.ask('x', AbortSignal.abort()))).toBeInstanceOf(DOMException)
  })

  it('tells of everybody who is not signed in any more', async () => {
    const before = call.signedOut.value
    answer = reply(401, '{}')
    await failureOf(call.ask('state'))
    expect(call.signedOut.value).toBe(before + 1)
  })
})

describe('orders', () => {
  it('say the word that only our pages know, once the head has told it', async () => {
    call.csrf.value = null
    await call.order('nodes/oak/drain')
    expect(new Headers(asked[0]?.init.headers).get('x-paceline-csrf')).toBeNull()
    await calls.askAccess()
    expect([calls.access.value?.role, calls.mayOrder.value]).toEqual(['admin', true])
    await call.order('nodes/oak/drain', { force: true })
    const { method, headers, body } = asked[2]!.init
    expect([method, new Headers(headers).get('x-paceline-csrf'), body]).toEqual([
      'POST',
      'word',
      '{"force":true}',
    ])
  })

  it('are not to be given by who only looks', async () => {
    answer = reply(200, '{"role":"viewer","csrf":"word","passwords":[]}')
    await calls.signIn({ role: 'viewer', password: 'look only' })
    expect([calls.access.value?.role, calls.mayOrder.value]).toEqual(['viewer', false])
  })
})

describe('the key in a link', () => {
  it.each([
    ['#sign-in=Ab_-12', 'Ab_-12'],
    ['#sign-in=', null],
    ['#sign-in=a/../b', null],
    ['#/node/sign-in=a', null],
    ['', null],
  ])('of %j is %j', (hash, key) => expect(calls.keyInAddress(hash)).toBe(key))
})
