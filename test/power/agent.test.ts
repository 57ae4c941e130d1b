import { inspect } from 'node:util'
import { beforeEach, describe, expect, it } from 'vitest'
import type { OrderOutcome } from '../../src/cluster/connect-head.ts'
import type { Order } from '../../src/cluster/messages.ts'
import { PacelineError } from '../../src/errors.ts'
import { openDriver } from '../../src/head/power/agent-power.ts'
import { checkDriverSettings } from '../../src/power/drivers/settings.ts'

let sent: (readonly [string, Order])[]
let answer: () => Promise<OrderOutcome>

const fleet = {
  order: (node: string, order: Order) => {
    sent.push([node, order])
    return answer()
  },
}
function open(more: Record<string, unknown> = {}, isDry = false) {
  const limits = { attempts: 2, retrySeconds: 0.01, timeoutSeconds: 0.2, confirmSeconds: 0 }
  const settings = checkDriverSettings({ driver: 'agent', ...limits, ...more }, 'power')
  return openDriver(settings, { idOf: () => 'n1', isDry, fleet })
}
const refused = (code: string): OrderOutcome => ({
  ...{ answered: true, reply: { ok: false, code, message: 'not here' } },
})
async function codeOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    (value) => new Error(`it succeeded: ${inspect(value)}`),
    (reason: unknown) => reason,
  )
  if (!(error instanceof PacelineError)) throw error
  return error.code
}

beforeEach(() => {
  sent = []
  answer = async () => ({ answered: true, reply: { ok: true } })
})

describe('power by the agent of a node', () => {
  it('is told to its own node, and is a power-off or a suspend', async () => {
    expect(await open().driver.off()).toMatchObject({ sent: true, attempts: 1 })
    await open({ action: 'suspend' }).driver.off()
    expect(sent).toEqual([
      ['n1', { type: 'power', action: 'poweroff' }],
      ['n1', { type: 'power', action: 'suspend' }],
    ])
  })

  it('switches nothing on', async () => {
    expect(await codeOf(open().driver.on())).toBe('E_POWER_CANNOT')
    expect(sent).toEqual([])
  })

  it('is not tried again for a while where the node’s owner has not allowed it', async () => {
    answer = async () => refused('power-denied')
    const { driver } = open()
    expect(await codeOf(driver.off())).toBe('E_POWER_DENIED')
    expect(await codeOf(driver.off())).toBe('E_POWER_DENIED')
    expect(sent).toHaveLength(1)
  })

  it.each([
    ['power-failed', 'E_POWER_REFUSED', 2],
    ['bad-order', 'E_POWER_CANNOT', 1],
  ])('that the agent answers with %s fails as %s', async (code, expected, times) => {
    answer = async () => refused(code)
    expect(await codeOf(open().driver.off())).toBe(expected)
    expect(sent).toHaveLength(times)
  })

  it('is told once where no answer comes: the machine may sleep already, and would read a second order as it wakes', async () => {
    answer = async () => ({ answered: false, why: 'timeout', message: 'no answer within 1500 ms' })
    expect(await open().driver.off()).toMatchObject({ sent: true, attempts: 1, confirmed: false })
    expect(sent).toHaveLength(1)
  })

  it.each(['no-responders', 'disconnected'] as const)('is given up where there is %s', async (why) => {
    answer = async () => ({ answered: false, why, message: why })
    expect(await codeOf(open().driver.off())).toBe('E_POWER_UNREACHABLE')
    expect(sent).toHaveLength(2)
  })

  it('is given up in time where the order hangs', async () => {
    answer = () => new Promise(() => {})
    const began = performance.now()
    expect(await codeOf(open().driver.off())).toBe('E_POWER_UNREACHABLE')
    // Two tries, each with its limit and the time that what was told to stop has for that.
    expect(performance.now() - began).toBeLessThan(6_000)
  })

  it('is found out where the agent says yes and the node stays up', async () => {
    // A refusal comes from a machine that runs.
    const probe = { host: '127.0.0.1', port: 1 }
    expect(await codeOf(open({ probe, confirmSeconds: 0.2, attempts: 1 }).driver.off())).toBe(
      'E_POWER_UNCHANGED',
    )
  })

  it('has one order under way, never two', async () => {
    let say: (outcome: OrderOutcome) => void = () => {}
    answer = () => new Promise((resolve) => (say = resolve))
    const { driver } = open()
    const first = driver.off()
    expect(await codeOf(driver.off())).toBe('E_POWER_BUSY')
    say({ answered: true, reply: { ok: true } })
    expect(await first).toMatchObject({ sent: true })
    expect(sent).toHaveLength(1)
  })

  it('tells the node nothing in a dry run, of its own or of the house', async () => {
    for (const { driver, isDry } of [open({ dryRun: true }), open({}, true)]) {
      expect(isDry).toBe(true)
      expect(await driver.off()).toMatchObject({ sent: false, what: 'the agent is asked to poweroff' })
    }
    expect(sent).toEqual([])
  })
})
