import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectFolder } from '../fixture/paceline.ts'

/** `paceline ARGS` as a process with a home and a data folder of its own. */
export interface CommandProcess {
  readonly dataFolder: string
  stdout(): string
  stderr(): string
  /** Resolves when stdout has what matches; rejects when the process ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  /** As Ctrl-C in a terminal would, but to this process alone. */
  interrupt(): void
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>
  /** Processes that name the data folder in their arguments or environment, this one among them while it lives. */
  relatives(): string[]
  /** Ends it if it still runs, and removes its folders. */
  remove(): Promise<void>
}

export interface CommandOptions {
  /** Added to the environment. */
  readonly environment?: Readonly<Record<string, string>>
}

/** Starts the built command; `{DATA}` in an argument stands for its data folder. */
export function startCommand(args: readonly string[], options: CommandOptions = {}): CommandProcess {
  const dataFolder = mkdtempSync(join(tmpdir(), 'paceline-cli-'))
  const filled = args.map((arg) => arg.replaceAll('{DATA}', dataFolder))
  // ffmpeg keeps HOME, so that everything below this process can be recognised by it.
  const { NODE_EXTRA_CA_CERTS: _, PACELINE_DATA: __, ...inherited } = process.env
  const environment = { ...inherited, HOME: dataFolder, PACELINE_DATA: dataFolder, ...options.environment }
  const child = spawn(process.execPath, [join(projectFolder, 'bin', 'paceline.js'), ...filled], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return {
    ...{ dataFolder, ended, stdout: () => stdout, stderr: () => stderr },
    async says(pattern) {
      for (;;) {
        const match = pattern.exec(stdout)
        if (match) return match
        const isOver = await Promise.race([
          ended.then(() => true),
          once(child.stdout, 'data').then(() => false),
        ])
        if (isOver && !pattern.test(stdout)) throw new Error(`it ended: ${stdout}${stderr}`)
      }
    },
    interrupt: () => void child.kill('SIGINT'),
    relatives: () => processesNaming(dataFolder),
    async remove() {
      if (child.exitCode === null) child.kill('SIGINT')
      await ended
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}

/** `pid command line` of each process that has the text in its command line or environment. */
function processesNaming(text: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return []
    const commandLine = readIfThere(`/proc/${pid}/cmdline`)
    const isNaming = [commandLine, readIfThere(`/proc/${pid}/environ`)].some((part) => part.includes(text))
    return isNaming ? [`${pid} ${commandLine.replaceAll('\0', ' ')}`] : []
  })
}

/** Processes come and go while the list is read. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
