import { expect, it } from 'vitest'
import type { OrderOutcome } from '../../cluster/connect-head.ts'
import type { Order } from '../../cluster/messages.ts'
import { checkDriverSettings } from '../../power/drivers/settings.ts'
import { openDriver } from './agent-power.ts'

function agentThat(answers: OrderOutcome) {
  const orders: [string, Order][] = []
  const fleet = {
    async order(node: string, order: Order) {
      orders.push([node, order])
      return answers
    },
  }
  const settings = checkDriverSettings({ driver: 'agent', action: 'suspend', attempts: 1 }, 'test')
  return { orders, ...openDriver(settings, { idOf: () => 'n1', isDry: false, fleet }) }
}

it('asks the agent of its node over the connection that it keeps anyway', async () => {
  const { driver, orders } = agentThat({ answered: true, reply: { ok: true } })
  expect((await driver.off()).sent).toBe(true)
  expect(orders).toEqual([['n1', { type: 'power', action: 'suspend' }]])
  await expect(driver.on()).rejects.toMatchObject({ code: 'E_POWER_CANNOT' })
})

it.each([
  ['power-denied', 'E_POWER_DENIED'],
  ['bad-order', 'E_POWER_CANNOT'],
  ['power-failed', 'E_POWER_REFUSED'],
])('an agent that answers %s', async (code, expected) => {
  const { driver } = agentThat({ answered: true, reply: { ok: false, code, message: 'no' } })
  await expect(driver.off()).rejects.toMatchObject({ code: expected })
})

it('an agent that is not there is out of reach', async () => {
  const { driver } = agentThat({ answered: false, why: 'no-responders', message: 'gone' })
  await expect(driver.off()).rejects.toMatchObject({ code: 'E_POWER_UNREACHABLE' })
})

it('sends nothing in a dry run, be it for all nodes or for this one', async () => {
  const orders: Order[] = []
  const fleet = {
    async order(_node: string, order: Order): Promise<OrderOutcome> {
      orders.push(order)
      return { answered: true, reply: { ok: true } }
    },
  }
  for (const [dryRun, isDry] of [
    [true, false],
    [false, true],
  ] as const) {
    const settings = checkDriverSettings({ driver: 'agent', dryRun }, 'test')
    const opened = openDriver(settings, { idOf: () => 'n1', isDry, fleet })
    expect(opened.isDry).toBe(true)
    expect(await opened.driver.off()).toMatchObject({ sent: false, what: 'the agent is asked to poweroff' })
  }
  expect(orders).toEqual([])
})

it('is dry as a whole where half of a pair is: what is switched off would stay so', async () => {
  const on = { driver: 'wake-on-lan', mac: '00:11:22:33:44:55', dryRun: true }
  const settings = checkDriverSettings({ driver: 'pair', on, off: [{ driver: 'agent' }] }, 'test')
  const order = () => Promise.reject(new Error('nothing is sent'))
  const opened = openDriver(settings, { idOf: () => 'n1', isDry: false, fleet: { order } })
  expect(opened.isDry).toBe(true)
  expect(await opened.driver.off()).toMatchObject({ sent: false })
})
