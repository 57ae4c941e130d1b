import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { projectFolder } from '../fixture/paceline.ts'

export interface JoinedNode {
  stop(): Promise<void>
}

const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env
const program = join(projectFolder, 'bin', 'paceline.js')

/**
 * Does what somebody does who types the command on a new machine: its words, but for the program's own, go to this
 * project's program as they are.
 */
export function joinByCommand(command: string, dataFolder: string, name: string): JoinedNode {
  const [before = '', words = ''] = command.split(/(?<=paceline) /, 2)
  if (!/^(npx )?paceline$/.test(before)) throw new Error(`this is not our program: ${command}`)
  const args = [...words.split(' '), '--data', dataFolder, '--name', name]
  const child = spawn(process.execPath, [program, ...args], { stdio: 'ignore', env: environment })
  return { stop: () => stop(child) }
}

/** Gives `paceline password` its password, as somebody at a terminal would. */
export async function setPassword(dataFolder: string, password: string): Promise<void> {
  const args = [program, 'password', '--stdin', '--data', dataFolder]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'pipe'], env: environment })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  child.stdin.end(`${password}\n`)
  const [exit] = (await once(child, 'close')) as [number | null]
  if (exit !== 0) throw new Error(`paceline password ended with ${exit}: ${said}`)
}

async function stop(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close')
  child.kill()
  await closed
}
