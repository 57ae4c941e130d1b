import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import type { ParameterSets } from '../../container/mp4/parameter-sets.ts'
import type { PublisherMemory } from '../../dialects/plex/publisher.ts'
import type { RungName } from '../../platforms/rungs.ts'
import type { PartMemory } from '../../session/going-on.ts'
import type { MakerMemory } from '../session/segment-maker.ts'
import type { TallyMemory } from '../session/tally.ts'

/** What makes a session the same: a head that finds any of it different cannot go on with it. */
export interface SessionMark {
  /** Of Paceline: what is remembered has no other version. */
  readonly release: string
  /** Run of the machine; see BootClock. */
  readonly boot: string
  /** Digest of what the media server asked for. */
  readonly job: string
  /** Digest of the plan that came of it. */
  readonly plan: string
  /** See demandOf. */
  readonly demand: number
}

/** Who works on a session. Written soon after it has changed. */
export interface CrewMemory {
  /** Names of the platforms that its leases are compiled for. */
  readonly platforms: readonly string[]
  /** What its pictures have in common; see sessionLook. */
  readonly look: string | null
  /** How its leases are made, by attempt. */
  readonly ways: Readonly<Record<string, { readonly platform: string; readonly rung?: RungName }>>
  readonly parts: readonly PartMemory[]
}

/** Where a session stands when all before segment `next` is announced. Written before that is. */
export interface StandMemory {
  readonly next: number
  readonly publishedSeconds: number
  readonly leadSeconds: number
  /** When that was its lead, seconds of the boot clock. */
  readonly atSeconds: number
  readonly maker: MakerMemory
  /** What all of its pictures are encoded with; null where that does not matter. */
  readonly look: ParameterSets | null
  readonly publisher: PublisherMemory
  readonly tally: TallyMemory
}

/** Names of the files in a session's folder, beside its staged segments. */
export const memoryNames = {
  mark: 'mark',
  crew: 'crew',
  stand: (next: number) => `stand-${next}`,
} as const

/** Puts it in place in one step. Rejects with what the disk says. */
export async function writeMemory(folder: string, name: string, value: unknown): Promise<void> {
  const path = join(folder, name)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  try {
    await writeFile(`${path}.new`, serialize(value), { mode: 0o600 })
    await rename(`${path}.new`, path)
  } catch (error) {
    await rm(`${path}.new`, { force: true })
    throw error
  }
}

/** Null when it is not there or cannot be read; what it holds is for the caller to know, who wrote it. */
export async function readMemory(folder: string, name: string): Promise<unknown> {
  try {
    return deserialize(await readFile(join(folder, name)))
  } catch (error) {
    if (error instanceof Error) return null
    throw error
  }
}
