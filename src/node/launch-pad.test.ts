import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { encoderCommand } from './encoder-command.ts'
import { createLaunchPad, type LaunchPad, waitingShell } from './launch-pad.ts'

let pad: LaunchPad | undefined

afterEach(() => pad?.close())

async function padFor(program: string): Promise<{ pad: LaunchPad; command: readonly [string, ...string[]] }> {
  const command = await encoderCommand(program)
  pad = createLaunchPad(command)
  return { pad, command }
}

/** Process ids of the shells that wait, as children of this process. */
function waitingShells(): readonly number[] {
  return readdirSync('/proc')
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        const parent = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
        return parent === String(process.pid) && words.endsWith(`${waitingShell.join('\0')}\0`)
      } catch {
        // It ended while we looked.
        return false
      }
    })
    .map(Number)
}

/** A process that is just becoming another program has no words for a moment. */
async function twoWait(): Promise<void> {
  await vi.waitFor(() => expect(waitingShells()).toHaveLength(2), 5_000)
}

describe('the launch pad', () => {
  it('gives the words to the program in order and unchanged', async () => {
    const { pad, command } = await padFor('sh')
    const words = ["it's", '$HOME `id` "x" \\', 'two\nlines', '', '*', 'é;&|']
    const args = ['-c', 'for word; do printf "[%s]" "$word" >&2; done', 'sh', ...words]
    const encoder = pad.start({ command, args, onProgress: () => {} })
    if (encoder instanceof Error) throw encoder
    await encoder.exited
    expect(encoder.stderr()).toBe(words.map((word) => `[${word}]`).join(''))
  })

  it('gives a program more words than a pipe holds, and nothing to read', async () => {
    const { pad, command } = await padFor('sh')
    const args = [
      '-c',
      'cat >&2; printf "%s " $# "$(printf %s "$1" | wc -c)" >&2',
      'sh',
      "'".repeat(100_000),
      ...Array(999).fill('word'),
    ]
    const encoder = pad.start({ command, args, onProgress: () => {} })
    if (encoder instanceof Error) throw encoder
    await encoder.exited
    expect(encoder.stderr()).toBe('1000 100000 ')
  })

  it('reports the exit code and what was written to the progress pipe', async () => {
    const { pad, command } = await padFor('sh')
    let progress = ''
    const onProgress = (text: string) => {
      progress += text
    }
    const options = { command, args: ['-c', 'echo frame=1 >&3; exit 7'], onProgress }
    const encoder = pad.start(options)
    if (encoder instanceof Error) throw encoder
    expect(await encoder.exited).toEqual({ code: 7, signal: null })
    expect(progress).toBe('frame=1\n')
  })

  it('starts more at once than shells wait, and kills each with all it has started', async () => {
    const { pad, command } = await padFor('sh')
    const start = () => pad.start({ command, args: ['-c', 'sleep 60 & wait'], onProgress: () => {} })
    const encoders = [start(), start(), start(), start()]
    await sleep(100)
    for (const encoder of encoders) {
      if (encoder instanceof Error) throw encoder
      encoder.kill()
      expect((await encoder.exited).signal).toBe('SIGKILL')
    }
  })

  it('has two shells waiting, again after it has given some away, and none once it is closed', async () => {
    const { pad, command } = await padFor('true')
    await twoWait()
    const encoder = pad.start({ command, args: [], onProgress: () => {} })
    if (encoder instanceof Error) throw encoder
    await encoder.exited
    expect(waitingShells().length).toBeLessThan(2)
    await twoWait()
    await pad.close()
    expect(waitingShells()).toHaveLength(0)
  })

  it('does without a shell that somebody has killed', async () => {
    const { pad, command } = await padFor('true')
    await twoWait()
    for (const pid of waitingShells()) process.kill(pid, 'SIGKILL')
    await sleep(100)
    const encoder = pad.start({ command, args: [], onProgress: () => {} })
    if (encoder instanceof Error) throw encoder
    expect((await encoder.exited).code).toBe(0)
  })
})
