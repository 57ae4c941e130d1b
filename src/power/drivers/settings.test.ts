import { describe, expect, it } from 'vitest'
import { PacelineError } from '../../errors.ts'
import { checkDriverSettings, makeDriver } from './settings.ts'

/** The words of the fault. */
function faultOf(settings: unknown): string {
  try {
    checkDriverSettings(settings, 'nodes.a.power')
  } catch (error) {
    if (error instanceof PacelineError && error.code === 'E_POWER_SETTINGS') return error.where
    throw error
  }
  return 'none'
}

const shelly = { driver: 'shelly', url: 'http://192.168.1.20' }
const wakeOnLan = { driver: 'wake-on-lan', mac: '00:11:22:33:44:55' }
const ssh = { driver: 'ssh', host: 'node', user: 'ops' }
const turingPi = { driver: 'turing-pi', url: 'https://bmc', node: 1, password: 'hush-hush' }
const poe = { driver: 'poe', host: 'switch', switchPort: 5, snmp: { version: '2c', community: 'hush-hush' } }

describe('settings of a driver', () => {
  it.each([
    ['shelly', shelly],
    ['wake-on-lan', wakeOnLan],
    ['ssh', ssh],
    ['turing-pi', turingPi],
    ['poe', poe],
    ['agent', { driver: 'agent' }],
    ['tasmota', { driver: 'tasmota', url: 'http://plug' }],
    ['mqtt', { driver: 'mqtt', broker: 'mqtt://broker', commandTopic: 'a/b' }],
    ['exec', { driver: 'exec', on: ['true'] }],
    ['webhook', { driver: 'webhook', off: { url: 'http://hook' } }],
    ['pair', { driver: 'pair', on: wakeOnLan, off: [ssh, shelly] }],
  ])('%s need little, and make a driver of that kind', (kind, settings) => {
    expect(makeDriver(checkDriverSettings(settings, 'power')).kind).toBe(kind)
  })

  it.each([
    ['an unknown driver', { driver: 'smoke-signals' }, 'nodes.a.power.driver: '],
    ['no driver', {}, 'nodes.a.power.driver: '],
    ['nothing', undefined, 'nodes.a.power: '],
    ['an unknown key', { ...shelly, chanel: 1 }, 'Unrecognized key: "chanel"'],
    ['a channel that is a word', { ...shelly, channel: 'first' }, 'nodes.a.power.channel: '],
    [
      'a password in a URL',
      { ...shelly, url: 'http://admin:hush-hush@plug' },
      'url: must not hold a user or a password',
    ],
    ['another protocol', { ...shelly, url: 'ftp://plug' }, 'nodes.a.power.url: '],
    ['no time at all', { ...shelly, timeoutSeconds: 0 }, 'nodes.a.power.timeoutSeconds: '],
    [
      'half a fingerprint',
      { ...turingPi, fingerprint: 'AB:CD' },
      'fingerprint: must be a SHA-256 fingerprint',
    ],
    ['a fifth node', { ...turingPi, node: 5 }, 'nodes.a.power.node: '],
    ['no password where one is needed', { ...turingPi, password: undefined }, 'nodes.a.power.password: '],
    ['a MAC address that is none', { ...wakeOnLan, mac: '00:11:22:33:44' }, 'mac: must look like'],
    ['a mixed MAC address', { ...wakeOnLan, mac: '00:11-22:33-44:55' }, 'mac: must look like'],
    ['an option for a host', { ...ssh, host: '-oProxyCommand=id' }, 'nodes.a.power.host: '],
    ['an option for a user', { ...ssh, user: '-x' }, 'nodes.a.power.user: '],
    ['the uplink', { ...poe, protectedPorts: [5, 24] }, 'switchPort: is one of protectedPorts'],
    [
      'a short key of SNMP',
      { ...poe, snmp: { version: '3', user: 'ops', authKey: 'hush' } },
      'snmp.authKey: must have at least 8 characters',
    ],
    [
      'a wildcard topic',
      { driver: 'mqtt', broker: 'mqtt://b', commandTopic: 'cmnd/#' },
      'commandTopic: must be one',
    ],
    ['nothing to run', { driver: 'exec' }, 'needs on or off'],
    [
      'a pattern that is none',
      { driver: 'exec', on: ['a'], state: { command: ['b'], onPattern: '(', offPattern: 'x' } },
      'onPattern: ',
    ],
    ['ssh for on', { driver: 'pair', on: ssh, off: [shelly] }, 'on: this driver switches nothing on'],
    [
      'Wake-on-LAN for off',
      { driver: 'pair', on: shelly, off: [wakeOnLan] },
      'this driver switches nothing off',
    ],
    [
      'a pair in a pair',
      { driver: 'pair', on: { driver: 'pair' }, off: [shelly] },
      'nodes.a.power.on.driver: ',
    ],
  ])('with %s are refused by name', (_what, settings, words) => {
    expect(faultOf(settings)).toContain(words)
    expect(faultOf(settings)).not.toContain('hush')
  })

  it('take a fingerprint as openssl prints it', () => {
    const fingerprint = Array(32).fill('aB').join(':')
    expect(checkDriverSettings({ ...turingPi, fingerprint }, 'power')).toMatchObject({
      fingerprint: 'ab'.repeat(32),
    })
  })
})
