import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { comesTrue, isEncoder, isRunning, parentOf, processesOf, send, stateOf } from './processes.ts'

let folder: string
let child: ChildProcess | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paceline-seen-'))
})

afterEach(async () => {
  for (const { pid } of processesOf(folder)) send(pid, 'SIGKILL')
  if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  await rm(folder, { recursive: true, force: true })
})

function start(script: string): ChildProcess {
  child = spawn('sh', ['-c', script], { stdio: 'ignore', env: { ...process.env, TMPDIR: folder } })
  return child
}

describe('the processes of a cluster', () => {
  it('are found by their folder for temporary files, those whose parent has gone too', async () => {
    const shell = start(`sleep 60 & echo $! > ${folder}/orphan`)
    await once(shell, 'exit')
    const orphan = Number(await readFile(join(folder, 'orphan'), 'utf8'))
    expect(parentOf(orphan)).not.toBe(process.pid)
    expect(processesOf(folder)).toEqual([{ pid: orphan, words: ['sleep', '60'] }])
    expect(processesOf(`${folder}-other`)).toEqual([])
  })

  it('are running, stopped or gone, and a zombie is gone', async () => {
    const { pid = 0 } = start('exec sleep 60')
    expect([isRunning(pid), parentOf(pid)]).toEqual([true, process.pid])
    send(pid, 'SIGSTOP')
    expect(await comesTrue(() => stateOf(pid) === 'T', 2_000)).toBe(true)
    expect(isRunning(pid)).toBe(true)
    expect(send(pid, 'SIGKILL')).toBe(true)
    expect(await comesTrue(() => !isRunning(pid), 2_000)).toBe(true)
    expect(await comesTrue(() => stateOf(pid) === null, 2_000)).toBe(true)
    expect(send(pid, 'SIGKILL')).toBe(false)
  })

  it('are encoders when they have become ffmpeg, and not while they wait for it', () => {
    const seen = (...words: string[]) => isEncoder({ pid: 1, words })
    expect([seen('ffmpeg', '-i'), seen('/opt/paceline/bin/ffmpeg')]).toEqual([true, true])
    expect([seen('/bin/sh', '-s', 'ffmpeg'), seen('/x/ffmpeg-node-1'), seen()]).toEqual([false, false, false])
  })

  it('are waited for as long as they are told, and no longer', async () => {
    const began = performance.now()
    expect(await comesTrue(() => false, 150)).toBe(false)
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})
