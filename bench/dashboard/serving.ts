import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The server of a fleet that is not there, in a process of its own. */
export interface Serving {
  readonly address: string
  stop(): Promise<void>
}

/** Throws when it ends before it has said where it is. */
export async function serveFleet(nodes: number, sessions: number): Promise<Serving> {
  const program = join(import.meta.dirname, 'serve-fleet.js')
  const child = spawn(process.execPath, [program, String(nodes), String(sessions)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  const line = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), closed])
  if (typeof line[0] !== 'string') throw new Error(`the server ended with ${line[0]}`)
  return {
    address: line[0],
    async stop() {
      child.kill()
      await closed
    },
  }
}
