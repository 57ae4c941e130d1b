import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readFrames } from '../clips/read-frames.ts'
import type { RunningPaceline } from '../fixture/paceline.ts'

/** The part of `paceline status --json` that these tests look at. */
export interface ShownStatus {
  readonly sessions: readonly { readonly arrivals: readonly { readonly node: string }[] }[]
  readonly nodes: readonly { readonly name: string; readonly leases: number }[]
}

export async function statusOf(paceline: RunningPaceline): Promise<ShownStatus> {
  return JSON.parse((await paceline.run('status', '--json')).stdout) as ShownStatus
}

/** Resolves when it is so; rejects when it has not come to be within ten seconds. */
export async function eventually(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const startedMs = performance.now()
  while (!(await isSo())) {
    if (performance.now() - startedMs > 10_000) throw new Error(`not within ten seconds: ${what}`)
    await sleep(20)
  }
}

/** The first status for which `isSo`; rejects when there is none within ten seconds. */
export async function untilStatus(
  paceline: RunningPaceline,
  isSo: (status: ShownStatus) => boolean,
): Promise<ShownStatus> {
  let status = await statusOf(paceline)
  await eventually('a status as wanted', async () => {
    status = await statusOf(paceline)
    return isSo(status)
  })
  return status
}

/** Nothing runs any more: no session, no lease, nothing staged. Rejects when that does not come to be. */
export async function nothingIsLeft(paceline: RunningPaceline): Promise<void> {
  await untilStatus(
    paceline,
    ({ sessions, nodes }) => sessions.length === 0 && nodes.every(({ leases }) => leases === 0),
  )
  const staged = await readdir(join(paceline.dataFolder, 'staging')).catch(() => [])
  if (staged.length > 0) throw new Error(`still staged: ${staged.join(' ')}`)
}

/** Numbers of the frames of a clip that was transcoded, in showing order. */
export async function frameNumbers(path: string): Promise<number[]> {
  return (await readFrames(path)).frames.map(({ number }) => number)
}

export const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index)
