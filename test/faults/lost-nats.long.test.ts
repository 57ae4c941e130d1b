import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { type RunningPaceline, startPaceline } from '../fixture/paceline.ts'
import { processesBelow } from '../head/process-tree.ts'
import { playFilm, wholeFilm } from './playing-film.ts'

const filmSeconds = 40

let paceline: RunningPaceline

beforeEach(async () => {
  paceline = await startPaceline({ nodes: 2 })
})

afterEach(() => paceline.stop())

async function play() {
  const film = await playFilm(paceline, { seconds: filmSeconds })
  onTestFinished(() => film.close())
  return film
}

/** The process of the head's own nats-server. */
function natsPid(): number {
  const { pid: head } = JSON.parse(readFileSync(join(paceline.dataFolder, 'head.json'), 'utf8')) as {
    pid: number
  }
  const [server] = processesBelow(head).filter(({ words }) => words[0]?.endsWith('nats-server'))
  if (!server) throw new Error('there is no nats-server')
  return server.pid
}

/** What the head says of nodes, as people read it: who came, who went. */
const comings = (): string[] =>
  paceline
    .log()
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as { msg: string }] : []))
    .map(({ msg }) => msg)
    .filter((message) => /^node \S+ (joined|left|has started)/.test(message))

async function status() {
  const { stdout } = await paceline.run('status', '--json')
  return JSON.parse(stdout) as { nats: { trouble: string | null }; nodes: { name: string }[] }
}

const joined = ['node node-1 joined', 'node node-2 joined']

describe('NATS lost in the middle of a film', () => {
  it('killed three times: the film is whole, no node was taken for lost', async () => {
    const film = await play()
    for (const announced of [2, 5, 8]) {
      await film.reaches(announced)
      process.kill(natsPid(), 'SIGKILL')
    }
    expect(await film.played()).toEqual(wholeFilm(filmSeconds))
    expect(comings().toSorted()).toEqual(joined)
    expect((await status()).nats.trouble).toBeNull()
    expect((await status()).nodes).toHaveLength(2)
    expect(paceline.log().match(/nats-server is back/g)).toHaveLength(3)
  })

  it('hung: it is killed and started again, the film is whole, no node was taken for lost', async () => {
    const film = await play()
    await film.reaches(2)
    process.kill(natsPid(), 'SIGSTOP')
    expect(await film.played()).toEqual(wholeFilm(filmSeconds))
    while (!paceline.log().includes('nats-server is back')) await sleep(20)
    await sleep(2_500)
    expect(comings().toSorted()).toEqual(joined)
    expect((await status()).nodes).toHaveLength(2)
  })

  it('emptied: what runs is written down again', async () => {
    const film = await play()
    await film.reaches(2)
    const pid = natsPid()
    await rm(join(paceline.dataFolder, 'nats', 'store'), { recursive: true })
    process.kill(pid, 'SIGKILL')
    expect(await film.played()).toEqual(wholeFilm(filmSeconds))
    expect(comings().toSorted()).toEqual(joined)
    expect(paceline.log()).not.toMatch(/ledger, .*(conflict|refused|missing)/)
  })
})

it('a job that comes just after NATS was killed waits for it, and is made by nodes', async () => {
  process.kill(natsPid(), 'SIGKILL')
  const film = await play()
  expect(await film.reaches(1)).toBeLessThan(10_000)
  expect(comings().toSorted()).toEqual(joined)
})
