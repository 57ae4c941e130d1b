import { expect, it } from 'vitest'
import { checkDriverSettings } from './settings.ts'
import { switchedThings } from './switched-thing.ts'

const things = (settings: object) => switchedThings(checkDriverSettings(settings, 'test'))
const snmp = { version: '2c', community: 'public' }

it.each([
  [
    { driver: 'shelly', url: 'http://Plug.lan/' },
    { driver: 'shelly', url: 'http://plug.lan', generation: 1 },
  ],
  [
    { driver: 'poe', host: 'switch.lan', switchPort: 5, snmp },
    { driver: 'poe', host: 'Switch.lan', group: 1, switchPort: 5, snmp: { ...snmp, community: 'other' } },
  ],
  [
    { driver: 'wake-on-lan', mac: '00:11:22:33:44:5F' },
    { driver: 'wake-on-lan', mac: '00-11-22-33-44-5f', packets: 1 },
  ],
  [
    { driver: 'turing-pi', url: 'https://bmc.lan', node: 2, password: 'a' },
    { driver: 'turing-pi', url: 'https://bmc.lan:443', node: 2, login: 'basic', password: 'b' },
  ],
])('is the same for two drivers of one thing: %j', (one, other) => {
  expect(things(one)).toHaveLength(1)
  expect(things(one)).toEqual(things(other))
})

it.each([
  [
    { driver: 'tasmota', url: 'http://plug.lan' },
    { driver: 'tasmota', url: 'http://plug.lan', channel: 2 },
  ],
  [
    { driver: 'poe', host: 'switch.lan', switchPort: 5, snmp },
    { driver: 'poe', host: 'switch.lan', group: 2, switchPort: 5, snmp },
  ],
  [
    { driver: 'turing-pi', url: 'https://bmc.lan', node: 1, login: 'none' },
    { driver: 'turing-pi', url: 'https://bmc.lan', node: 2, login: 'none' },
  ],
  [
    { driver: 'mqtt', broker: 'mqtt://broker.lan', commandTopic: 'a/set' },
    { driver: 'mqtt', broker: 'mqtt://broker.lan', commandTopic: 'b/set' },
  ],
  [
    { driver: 'ssh', host: 'a.lan', user: 'ops' },
    { driver: 'ssh', host: 'b.lan', user: 'ops' },
  ],
])('is another for another relay, port, slot, topic or machine: %j', (one, other) => {
  expect(things(one)).not.toEqual(things(other))
})

it('is each thing of a pair once, and nothing of what nobody knows', () => {
  const port = { driver: 'poe', host: 'switch.lan', switchPort: 5, snmp }
  expect(things({ driver: 'pair', on: port, off: [{ driver: 'agent' }, port] })).toEqual([
    'switch.lan, port 1.5',
  ])
  expect(things({ driver: 'exec', on: ['true'] })).toEqual([])
  expect(things({ driver: 'webhook', on: { url: 'http://a.lan' } })).toEqual([])
})
