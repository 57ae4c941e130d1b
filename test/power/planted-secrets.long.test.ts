import { once } from 'node:events'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Agent, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeNodeKeys } from '../../src/cluster/node-credentials.ts'
import { Intruder } from '../attacks/intruder.ts'
import { type LoneHead, startLoneHead } from '../head/head-and-nodes.ts'
import { freePort } from './free-port.ts'

/** In every secret, and nowhere else; the rest is what is escaped for URLs, JSON, forms, shells and regular expressions. */
const mark = 'pl4nted'
let planted = 0
const secrets: string[] = []
const secret = (): string => {
  planted += 1
  const made = `${mark}${planted} "q&+/\\$(x)='`
  secrets.push(made)
  return made
}

let folder: string
let head: LoneHead
let echo: Server
let url: string
let asked = 0

/** Repeats all that it was told, in every way in which devices fail, in turn. */
async function repeat(call: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(call)
  const words = `${call.method} ${call.url} ${JSON.stringify(call.headers)} ${body}`
  asked += 1
  const challenge = 'Digest realm="pdu", nonce="abc", qop="auth", algorithm=SHA-256'
  switch (asked % 5) {
    case 0:
      response.writeHead(401, { 'WWW-Authenticate': challenge }).end(words)
      return
    case 1:
      response.writeHead(500).end(words)
      return
    case 2:
      response.writeHead(200).end(words)
      return
    case 3:
      response.writeHead(302, { Location: `/login?next=${call.url}` }).end(words)
      return
    default:
      response.writeHead(200, { 'Content-Length': '9999' })
      response.write(words, () => response.destroy())
  }
}

const quick = { attempts: 1, timeoutSeconds: 1, confirmSeconds: 0 }
const watts = { idleWatts: 5, busyWatts: 12, wakeSeconds: 1, sleepSeconds: 0 }

/** Every driver and meter, each with a secret wherever one fits, and each failing. */
async function configuration(): Promise<object> {
  const port = await freePort()
  const tell = join(folder, 'tell')
  await writeFile(tell, '#!/bin/sh\necho "wrong: $KEY $*" >&2\nexit 1\n')
  await chmod(tell, 0o755)
  const login = [
    { scheme: 'basic', user: 'admin', password: secret() },
    { scheme: 'digest', user: 'admin', password: secret() },
    { scheme: 'bearer', token: secret() },
  ]
  const hook = (at: number) => ({
    ...{ driver: 'webhook', login: login[at], secretHeaders: { 'X-Key': secret() }, ...quick },
    on: { url: `${url}/${mark}-path?key=${mark}-query`, body: JSON.stringify({ pin: secret() }) },
    off: { url: `${url}/${mark}-path?key=${mark}-query`, headers: { 'X-Plain': `${mark}-header` } },
  })
  const version3 = { version: '3', user: 'ops', authKey: secret(), privKey: secret() }
  const version2 = { version: '2c', community: secret() }
  const drivers = {
    shelly: { driver: 'shelly', url, password: secret(), ...quick },
    'first-shelly': { driver: 'shelly', generation: 1, channel: 1, url, password: secret(), ...quick },
    tasmota: { driver: 'tasmota', channel: 2, url, password: secret(), ...quick },
    turing: { driver: 'turing-pi', url, node: 1, password: secret(), ...quick },
    'turing-basic': { driver: 'turing-pi', url, node: 2, login: 'basic', password: secret(), ...quick },
    hook: hook(0),
    'hook-digest': hook(1),
    'hook-bearer': hook(2),
    poe: { driver: 'poe', host: '127.0.0.1', port, switchPort: 1, snmp: version2, ...quick },
    'poe-3': { driver: 'poe', host: '127.0.0.1', port, switchPort: 2, snmp: version3, ...quick },
    mqtt: {
      ...{ driver: 'mqtt', broker: `mqtt://127.0.0.1:${new URL(url).port}`, user: 'ops', password: secret() },
      ...{ commandTopic: 'plug/set', onPayload: `{"pin":"${mark}-payload"}`, ...quick },
    },
    exec: {
      ...{ driver: 'exec', on: [tell, '--volume', '3'], off: [tell], secrets: { KEY: secret() } },
      ...quick,
    },
    'exec-arguments': { driver: 'exec', on: ['true', `--pin=${mark}-argument`], ...quick },
    wake: {
      ...{ driver: 'wake-on-lan', mac: '02:00:00:00:00:01', secureOn: '5e:c2:e7:5e:c2:e7' },
      ...{ broadcast: ['127.0.0.1'], port, ...quick },
    },
    ssh: {
      driver: 'pair',
      on: { driver: 'exec', on: ['false'], ...quick },
      off: [
        {
          ...{ driver: 'ssh', host: '127.0.0.1', port, user: 'ops', ...quick },
          command: `echo ${mark}-command | sudo -S poweroff`,
        },
        { driver: 'agent', ...quick },
      ],
      settleSeconds: 0,
    },
  }
  const meters = [
    { meter: 'shelly', url, password: secret() },
    { meter: 'shelly', generation: 1, url, password: secret() },
    { meter: 'tasmota', url, password: secret() },
    {
      meter: 'snmp',
      host: '127.0.0.1',
      port,
      snmp: { version: '2c', community: secret() },
      timeoutSeconds: 1,
    },
  ]
  const nodes = Object.entries(drivers).map(([name, driver], index) => [
    name,
    { ...watts, driver, ...(meters[index] && { meter: meters[index] }) },
  ])
  return { power: { minOffSeconds: 0, nodes: Object.fromEntries(nodes) } }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-planted-'))
  echo = createServer((call, response) => void repeat(call, response)).listen(0, '127.0.0.1')
  await once(echo, 'listening')
  url = `http://127.0.0.1:${(echo.address() as AddressInfo).port}`
})
afterAll(async () => {
  await head?.stop()
  echo?.closeAllConnections()
  echo?.close()
  await rm(folder, { recursive: true, force: true })
})

/** As it stands, and in the ways in which HTTP carries it. */
function hidden(): string[] {
  const encoded = secrets.flatMap((plain) =>
    [plain, `admin:${plain}`, `root:${plain}`].map((words) => Buffer.from(words).toString('base64')),
  )
  return [mark, '5e:c2:e7', '5ec2e75ec2e7', ...encoded]
}

async function everyAnswer(): Promise<ReadonlyMap<string, string>> {
  const read = (name: string) => readFile(join(head.dataFolder, name), 'utf8')
  const { api } = JSON.parse(await read('head.json')) as { api: string }
  const agent = new Agent({ ca: await read('certificate.pem'), checkServerIdentity: () => undefined })
  const authorization = `Bearer ${(await read('api-token')).trim()}`
  const answers = new Map<string, string>()
  for (const path of ['status', 'state', 'nodes', 'nodes/shelly', 'nodes/hook', 'logs?last=1000', 'energy']) {
    const call = request(`${api}/api/v1/${path}`, { agent, headers: { authorization } }).end()
    const [reply] = (await once(call, 'response')) as [IncomingMessage]
    answers.set(`/api/v1/${path}`, await text(reply))
  }
  for (const words of [
    ['status', '--json'],
    ['status'],
    ['nodes', 'list'],
    ['nodes', 'list', '--json'],
    ['energy'],
  ]) {
    const { stdout, stderr } = await head.run(...words)
    answers.set(words.join(' '), stdout + stderr)
  }
  return answers
}

it('of drivers and meters are in no log, no answer of the API and no file of the head, however devices repeat them', async () => {
  const config = join(folder, 'paceline.yaml')
  const settings = (await configuration()) as { power: { nodes: Record<string, unknown> } }
  await writeFile(config, JSON.stringify(settings))
  process.env.PACELINE_LOG = 'debug'
  head = await startLoneHead('--config', config, '--first-responder', 'off')
  delete process.env.PACELINE_LOG
  const intruder = await Intruder.at(head)
  const names = Object.keys(settings.power.nodes)
  for (const name of names) {
    const { status } = await intruder.join(await intruder.token({ name: name }), await makeNodeKeys(), {
      name,
    })
    expect([name, status]).toEqual([name, 200])
  }
  for (const name of names) await head.run('nodes', 'wake', name, '--minutes', '0')
  // Each fails, is tried again with a cycle of its power, and is given up.
  await expect
    .poll(
      async () =>
        JSON.parse((await head.run('nodes', 'list', '--json')).stdout) as { power: { state: string } }[],
      {
        ...{ timeout: 200_000, interval: 2_000 },
      },
    )
    .toSatisfy((all: { power: { state: string } }[]) => all.every(({ power }) => power.state !== 'off'))
  await expect
    .poll(() => names.filter((name) => !new RegExp(`"node":"${name}".*power (on|cycle)`).test(head.log())), {
      timeout: 120_000,
    })
    .toEqual([])

  const places = new Map(await everyAnswer())
  places.set('the log', head.log())
  for (const file of await readdir(head.dataFolder, { recursive: true })) {
    const content = await readFile(join(head.dataFolder, file), 'latin1').catch(() => '')
    places.set(file, content)
  }
  expect(places.get('the log')).toMatch(/E_POWER_(REFUSED|ANSWER|DENIED)/)
  expect(places.get('/api/v1/status')).toContain('E_POWER_')
  for (const [place, words] of places) {
    for (const piece of hidden()) {
      const at = words.indexOf(piece)
      expect(at === -1 ? null : `${place}: ${words.slice(Math.max(0, at - 200), at + 80)}`).toBeNull()
    }
  }
})

it('that are written where none belong are not repeated by who checks the configuration', async () => {
  const wrong = {
    power: {
      nodes: { a: { ...watts, driver: { driver: 'shelly', url: `http://u:${mark}@plug`, pasword: mark } } },
    },
  }
  const config = join(folder, 'wrong.yaml')
  await writeFile(config, JSON.stringify(wrong))
  const { exit, stdout, stderr } = await head.run('--config', config, 'config', 'check')
  expect(exit).not.toBe(0)
  expect(stdout + stderr).not.toContain(mark)
})
