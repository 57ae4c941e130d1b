import { type ChildProcess, spawn } from 'node:child_process'
import { findTool, toolSearchPath } from '../../scripts/setup/tool-environment.js'

/** Where a server from a Debian package is, or undefined with a sentence on how to get it. */
export function findServer(name: string, debianPackage: string): string | undefined {
  const path = findTool(name, `${toolSearchPath()}:/usr/sbin:/sbin`)
  if (path === undefined)
    console.warn(`Skipped: these tests need ${name}; apt-get install ${debianPackage} brings it.`)
  return path
}

/** A server that a test has started. */
export class ServerProcess {
  readonly #child: ChildProcess
  readonly #ended: Promise<void>
  said = ''

  constructor(program: string, args: readonly string[], env: Record<string, string> = {}) {
    this.#child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (piece: Buffer) => {
        this.said += piece.toString('utf8')
      })
    this.#ended = new Promise((resolve) => this.#child.once('close', () => resolve()))
  }

  /** Waits until it has said something. */
  async says(words: string, limitMs = 10_000): Promise<void> {
    for (const untilMs = performance.now() + limitMs; performance.now() < untilMs; ) {
      if (this.said.includes(words)) return
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    throw new Error(`it never said "${words}", but: ${this.said}`)
  }

  /** It hangs: its sockets are there, and nobody answers. */
  freeze(): void {
    this.#child.kill('SIGSTOP')
  }

  thaw(): void {
    this.#child.kill('SIGCONT')
  }

  async stop(): Promise<void> {
    this.thaw()
    this.#child.kill('SIGTERM')
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 3_000)
    await this.#ended
    clearTimeout(late)
  }
}
