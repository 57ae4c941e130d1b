import { describe, expect, it } from 'vitest'
import type { NoReply, Reply } from './http-exchange.ts'
import { openServerCalls } from './server-calls.ts'

/** Calls to a server that always gives the same reply. */
function calls(reply: Reply | NoReply, logLevel = 16) {
  const sent: string[] = []
  const problems: string[] = []
  const stop = new AbortController()
  const made = openServerCalls({
    control: {
      send: async (method, suffix) => {
        sent.push(`${method} ${suffix}`)
        return reply
      },
    },
    listClient: {
      post: async (body) => {
        sent.push(`LIST ${body}`)
        return reply
      },
    },
    logLevel,
    onProblem: (problem) => problems.push(problem),
    signal: stop.signal,
  })
  return { ...made, sent, problems, abort: () => stop.abort() }
}

describe('calls to the server', () => {
  it('go where they belong, with messages encoded', async () => {
    const { put, log, postList, sent, problems } = calls({ status: 206, body: '' })
    expect(await put('?duration=1.000000')).toEqual({ status: 206, body: '' })
    await log(3, 'Throttle - Going into sloth mode.')
    await postList('a.ts,0,1\n')
    expect(sent).toEqual([
      'PUT ?duration=1.000000',
      'POST /log?level=3&message=Throttle%20-%20Going%20into%20sloth%20mode.',
      'LIST a.ts,0,1\n',
    ])
    expect(problems).toEqual([])
  })

  it('keep the log to themselves when the server wants it quiet', async () => {
    const { log, sent } = calls({ status: 200, body: '' }, -8)
    await log(3, 'a remark')
    await log(0, 'an error')
    expect(sent).toEqual([])
  })

  it('tell of every status that is none of success', async () => {
    const { put, log, postList, problems } = calls({ status: 404, body: '' })
    await put('?progress=1')
    await log(0, 'x')
    await postList('y')
    expect(problems).toEqual([
      '?progress=1: status 404',
      '/log?level=0&message=x: status 404',
      'segment list: status 404',
    ])
  })

  it('tell of a server that is gone, unless the job was killed', async () => {
    const { put, problems, abort } = calls({ failed: 'connect ECONNREFUSED', reused: false })
    await put('?progress=1')
    abort()
    await put('?progress=2')
    expect(problems).toEqual(['?progress=1: connect ECONNREFUSED'])
  })
})
