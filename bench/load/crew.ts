import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { openApiClient } from '../../src/cli/api-client.ts'
import { nodeProgram, start } from '../programs.ts'
import type { BenchRow } from '../row.ts'

/** Many nodes in few processes. */
export interface Crew {
  readonly pids: readonly number[]
  /** Ends the nodes of one process at once, as a power cut would; returns how many they were. */
  killOne(): number
  stop(): Promise<void>
}

export interface CrewOptions {
  readonly row: BenchRow
  readonly nodes: number
  readonly processes: number
  /** What they take for ffmpeg. */
  readonly encoder: string
  readonly folder: string
}

/** Resolves when all nodes have joined. */
export async function startCrew({ row, nodes, processes, encoder, folder }: CrewOptions): Promise<Crew> {
  const api = await openApiClient(row.dataFolder)
  const hosts: { child: ChildProcess; nodes: number }[] = []
  try {
    for (let host = 0; host < processes; host++) {
      const names = Array.from({ length: nodes }, (_, index) => `node-${index}`).filter(
        (_, index) => index % processes === host,
      )
      const tokens = await Promise.all(
        names.map(async (name) => ({
          name,
          token: (await api.post<{ token: string }>('/tokens', { name, address: '127.0.0.1' })).token,
        })),
      )
      hosts.push({
        child: await startHost(encoder, { folder: join(folder, 'nodes'), tokens }),
        nodes: names.length,
      })
    }
  } catch (error) {
    for (const { child } of hosts) child.kill('SIGKILL')
    throw error
  }
  return {
    pids: hosts.map(({ child }) => child.pid!),
    killOne() {
      const host = hosts.pop()
      host?.child.kill('SIGKILL')
      return host?.nodes ?? 0
    },
    async stop() {
      for (const { child } of hosts) {
        const ended = once(child, 'exit')
        child.stdin!.end()
        await ended
      }
    },
  }
}

async function startHost(encoder: string, orders: object): Promise<ChildProcess> {
  const program = fileURLToPath(new URL('agent-host.js', import.meta.url))
  const child = start([nodeProgram, program, encoder], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`nodes ended with ${code}`)
  })
  ended.catch(() => undefined)
  child.stdin!.write(`${JSON.stringify(orders)}\n`)
  await Promise.race([once(createInterface({ input: child.stdout! }), 'line'), ended])
  return child
}
