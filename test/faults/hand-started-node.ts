import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Intruder } from '../attacks/intruder.ts'
import { projectFolder, type RunningPaceline } from '../fixture/paceline.ts'

/** A node with a data folder and a process of its own, beside those that `paceline up` starts. */
export interface HandStartedNode {
  readonly child: ChildProcess
  /** Exit code and signal. */
  readonly ended: Promise<readonly [number | null, NodeJS.Signals | null]>
  log(): string
  close(): Promise<void>
}

/**
 * Starts one and waits until it is ready. `script` is a shell script in the place of ffmpeg; `$@` are its arguments.
 *
 * @param node how Node.js is called, where it is another one than ours
 */
export async function startNodeByHand(
  paceline: RunningPaceline,
  name: string,
  script?: string,
  node: readonly string[] = [process.execPath],
): Promise<HandStartedNode> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-node-'))
  const token = await (await Intruder.at(paceline)).token({ name })
  const ffmpeg = join(folder, 'ffmpeg')
  if (script !== undefined) {
    await writeFile(ffmpeg, `#!/bin/sh\n${script}\n`)
    await chmod(ffmpeg, 0o755)
  }
  const args = ['--data', folder, 'node', '--json', '--join', token]
  const [program = process.execPath, ...before] = node
  const child = spawn(
    program,
    [
      ...before,
      join(projectFolder, 'bin', 'paceline.js'),
      ...args,
      ...(script === undefined ? [] : ['--ffmpeg', ffmpeg]),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, STATE: folder } },
  )
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  while (!log.includes('node is ready')) {
    if (child.exitCode !== null) throw new Error(`the node ended: ${log}`)
    await sleep(20)
  }
  return {
    child,
    ended,
    log: () => log,
    async close() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}
