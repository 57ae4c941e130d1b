import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { projectFolder } from '../fixture/paceline.ts'
import { type LoneHead, startLoneHead } from '../head/head-and-nodes.ts'

/** What is wrong with a board; see board.sh. */
export type Defect = 'refuses' | 'dead' | 'stuck'

export interface BoardsOptions {
  readonly count?: number
  readonly bootSeconds: number
  /** While it boots: fewer make its break-even time shorter. */
  readonly wakeWatts?: number
  /** More of the section `power`, over what is usual here. */
  readonly power?: Readonly<Record<string, unknown>>
  /** Other sections of the configuration. */
  readonly config?: Readonly<Record<string, unknown>>
  /** Options of the head. */
  readonly args?: readonly string[]
}

/** What `status --json` says, as far as it matters here. */
export interface BoardStatus {
  readonly firstResponder: string
  readonly power: {
    readonly nodes: readonly {
      readonly name: string
      readonly state: string
      readonly sinceSeconds: number | null
      readonly readyInSeconds: number | null
      readonly decided: { readonly what: string; readonly reason: string } | null
      readonly command: { readonly what: string; readonly failed: string | null } | null
      readonly trouble: string | null
      readonly wakeSeconds: { readonly mean: number; readonly seen: number }
    }[]
  }
  readonly nodes: readonly { readonly name: string; readonly state: string; readonly firstResponder?: true }[]
  readonly sessions: readonly { readonly segments: Readonly<Record<string, number>> }[]
  readonly recent: readonly { readonly segments: Readonly<Record<string, number>> }[]
}

/** Boards that are processes, switched by the `exec` driver, and the head that they work for. */
export interface Boards {
  readonly head: LoneHead
  readonly names: readonly string[]
  /** Seconds of idling after which a board that takes so long to wake is put to sleep. */
  breakEvenSecondsFor(wakeSeconds: number): number
  status(): Promise<BoardStatus>
  /** States of the boards, in order of their names. */
  states(): Promise<readonly string[]>
  until(what: string, happened: (status: BoardStatus) => boolean, seconds?: number): Promise<BoardStatus>
  spoil(name: string, defect: Defect | null): Promise<void>
  /** Switches a board behind the head's back. */
  switchByHand(name: string, order: 'on' | 'off'): Promise<void>
  /** It is gone in the middle of what it does, as when somebody pulls its plug. */
  dies(name: string): Promise<void>
  /** How many power commands of a board were under way at once at the most, and how many there were. */
  commands(name: string): Promise<{ readonly atOnce: number; readonly count: number }>
  stop(): Promise<void>
}

const watts = { idleWatts: 5, busyWatts: 12, wakeWatts: 8, sleepWatts: 5 }
const sleepSeconds = 1
const script = join(import.meta.dirname, 'board.sh')
const program = join(projectFolder, 'bin', 'paceline.js')

/** As src/placement/power/power-profile.ts has it, in the numbers of these boards. */
const breakEvenSecondsFor = (wakeSeconds: number): number =>
  (wakeSeconds * watts.wakeWatts + sleepSeconds * watts.sleepWatts) / watts.idleWatts

/** All boards have joined and are awake. */
export async function startBoards(options: BoardsOptions): Promise<Boards> {
  const { count = 3, bootSeconds, wakeWatts = watts.wakeWatts, power = {}, config = {}, args = [] } = options
  const names = Array.from({ length: count }, (_, index) => `board-${index + 1}`)
  const folder = await mkdtemp(join(tmpdir(), 'paceline-boards-'))
  const folderOf = (name: string) => join(folder, name)
  const agent = (name: string) => [
    ...['env', 'PACELINE_PROOFS=off', process.execPath, program],
    ...['node', '--json', '--data', folderOf(name)],
  ]
  const order = (what: string, name: string, boot = bootSeconds) => [
    ...['sh', script, what, folderOf(name), String(boot)],
  ]
  const settings = {
    // The head's machine is one that nobody wants to work for long.
    ...{ minOnSeconds: 1, minOffSeconds: 1, firstResponderWatts: 200, ...power },
    nodes: Object.fromEntries(
      names.map((name) => [
        name,
        {
          ...{ ...watts, wakeWatts, wakeSeconds: bootSeconds, sleepSeconds },
          driver: {
            ...{
              driver: 'exec',
              attempts: 1,
              on: [...order('on', name), ...agent(name)],
              off: order('off', name),
            },
            state: {
              command: order('state', name),
              onPattern: 'running',
              offPattern: 'halted',
              means: 'observed',
            },
          },
        },
      ]),
    ),
  }
  const file = join(folder, 'paceline.yaml')
  await writeFile(file, JSON.stringify({ ...config, power: settings }))
  const head = await startLoneHead('--config', file, ...args)
  const status = await statusOf(head.dataFolder)
  const until: Boards['until'] = async (what, happened, seconds = 30) => {
    const giveUpAt = performance.now() + seconds * 1000
    for (;;) {
      const now = await status()
      if (happened(now)) return now
      if (performance.now() > giveUpAt)
        throw new Error(`not within ${seconds} s: ${what}\n${JSON.stringify(now, null, 1)}\n${head.log()}`)
      await sleep(20)
    }
  }
  const run = (words: readonly string[]) => promisify(execFile)(words[0]!, words.slice(1))
  const boards: Boards = {
    ...{ head, names, status, until, breakEvenSecondsFor },
    async states() {
      const { power: all } = await status()
      return names.map((name) => all.nodes.find((node) => node.name === name)?.state ?? 'unknown')
    },
    spoil: (name, defect) => writeFile(join(folderOf(name), 'defect'), defect ?? ''),
    async switchByHand(name, what) {
      await run([...order(what, name), ...agent(name)])
    },
    async dies(name) {
      await run(['sh', script, 'kill', folderOf(name), '0'])
    },
    async commands(name) {
      const log = await readFile(join(folderOf(name), 'switch.log'), 'utf8')
      const words = log
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[1])
      let [now, atOnce] = [0, 0]
      for (const word of words) {
        now += word === 'begin' ? 1 : -1
        atOnce = Math.max(atOnce, now)
      }
      return { atOnce, count: words.filter((word) => word === 'begin').length }
    },
    async stop() {
      await head.stop()
      for (const name of names) await run(['sh', script, 'kill', folderOf(name), '0'])
      await rm(folder, { recursive: true, force: true })
    },
  }
  try {
    await Promise.all(
      names.map(async (name) => {
        await mkdir(folderOf(name))
        const { stdout } = await head.run('token', '--json', '--name', name, '--address', '127.0.0.1')
        const { token } = JSON.parse(stdout) as { token: string }
        await run([...order('on', name, 0), ...agent(name), '--name', name, '--join', token])
      }),
    )
    await until('all boards are awake', ({ nodes }) => nodes.filter(isBoard).length === count)
    // The first power commands are the head's.
    for (const name of names) await rm(join(folderOf(name), 'switch.log'), { force: true })
    return boards
  } catch (error) {
    await boards.stop()
    throw error
  }
}

const isBoard = ({ firstResponder }: { readonly firstResponder?: true }): boolean => !firstResponder

/** Asks the API itself: a command takes longer than a board needs to go. */
export async function statusOf(dataFolder: string): Promise<() => Promise<BoardStatus>> {
  const read = (name: string) => readFile(join(dataFolder, name), 'utf8')
  const { api } = JSON.parse(await read('head.json')) as { api: string }
  const [ca, token] = [await read('certificate.pem'), (await read('api-token')).trim()]
  const agent = new Agent({ ca, checkServerIdentity: () => undefined })
  return async () => {
    const asked = request(`${api}/api/v1/status`, { agent, headers: { authorization: `Bearer ${token}` } })
    asked.end()
    const [reply] = (await once(asked, 'response')) as [IncomingMessage]
    return JSON.parse(await text(reply)) as BoardStatus
  }
}
