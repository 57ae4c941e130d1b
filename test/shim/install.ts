import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ShimBuild } from './shim-builds.ts'

/** A shim in place of a transcoder, beside an original that notes everything it was given. */
export interface Installation {
  readonly folder: string
  readonly shim: string
  readonly socket: string
  /** What the original saw. Bytes of argv and environ have a zero after each entry. */
  seen(): Promise<OriginalSaw>
  remove(): Promise<void>
}

export interface OriginalSaw {
  readonly argv: readonly string[]
  readonly environ: Buffer
  readonly stdin: Buffer
  /** Lines of /proc/PID/status about blocked and ignored signals, of a child that inherits them. */
  readonly signals: string
  /** Numbers of the open descriptors, without the shell's own. */
  readonly descriptors: readonly number[]
}

/** The exit code of the original. */
export const originalCode = 42

const originalScript = (folder: string) => `#!/bin/sh
cat /proc/$$/environ >'${folder}/seen-environ'
grep -E '^Sig(Blk|Ign)' /proc/self/status >'${folder}/seen-signals'
ls /proc/$$/fd >'${folder}/seen-descriptors'
cat >'${folder}/seen-stdin'
for argument do printf '%s\\0' "$argument"; done >'${folder}/seen-argv'
exit ${originalCode}
`

export async function install(build: ShimBuild): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-shim-'))
  const shim = join(folder, 'Some Transcoder')
  await copyFile(build.program, shim)
  await writeFile(`${shim}.orig`, originalScript(folder))
  await chmod(`${shim}.orig`, 0o755)
  const read = (name: string) => readFile(join(folder, `seen-${name}`))
  return {
    folder,
    shim,
    socket: join(folder, 'head.sock'),
    seen: async () => ({
      argv: (await read('argv')).toString('latin1').split('\0').slice(0, -1),
      environ: await read('environ'),
      stdin: await read('stdin'),
      signals: (await read('signals')).toString(),
      descriptors: (await read('descriptors')).toString().trim().split('\n').map(Number),
    }),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
