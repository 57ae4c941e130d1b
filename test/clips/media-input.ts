import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A path, or the bytes themselves. */
export type MediaInput = string | Uint8Array

/** Calls `use` with a path under which all pieces of the input lie one after the other, and cleans up. */
export async function withPath<T>(
  input: MediaInput | readonly MediaInput[],
  use: (path: string) => Promise<T>,
): Promise<T> {
  if (typeof input === 'string') return use(input)
  const pieces = input instanceof Uint8Array ? [input] : input
  const folder = await mkdtemp(join(tmpdir(), 'paceline-joined-'))
  try {
    const path = join(folder, 'joined')
    const file = await open(path, 'wx')
    for (const piece of pieces)
      await file.appendFile(typeof piece === 'string' ? await readFile(piece) : piece)
    await file.close()
    return await use(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Runs a program to its end. Throws with its last words unless it exits with 0. */
export async function collect(
  program: string,
  args: readonly string[],
): Promise<{ readonly stdout: Buffer; readonly stderr: string }> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, AV_LOG_FORCE_NOCOLOR: '1' },
  })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  const [code] = await once(child, 'close')
  const words = Buffer.concat(stderr).toString()
  if (code !== 0) throw new Error(`${program} exited with ${code}: ${words.slice(-2_000)}`)
  return { stdout: Buffer.concat(stdout), stderr: words }
}
