import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BootClock } from '../join/boot-clock.ts'
import {
  type CrewMemory,
  memoryNames,
  type SessionMark,
  type StandMemory,
  writeMemory,
} from './memory-files.ts'

/** Writes down what a head that starts again needs to go on with a session. */
export interface SessionMemory {
  /** Leases have changed; it is asked for the crew when it gets to writing that. */
  crewChanged(): void
  /**
   * Resolves when the stand is on the disk, so that the announcement may go out, with what the shim is to show to the
   * next head; with null where the disk does not take it.
   */
  announcing(stand: Omit<StandMemory, 'atSeconds'>): Promise<string | null>
  /** Writes nothing any more; the files go with the session's folder. */
  close(): Promise<void>
}

export interface SessionMemoryOptions {
  readonly id: string
  /** The session's own, which is made when it is not there. */
  readonly folder: string
  readonly mark: SessionMark
  readonly crew: () => CrewMemory
  readonly clock: Pick<BootClock, 'seconds'>
  /** The disk does not take it: told once. */
  readonly onTrouble: (error: unknown) => void
}

/** Crews change several times in a moment. */
const crewDelayMs = 25

export function openSessionMemory(options: SessionMemoryOptions): SessionMemory {
  const { id, folder, mark, crew, clock, onTrouble } = options
  let isTroubled = false
  let isClosed = false
  let timer: NodeJS.Timeout | null = null
  let isMarked = false
  /** One write at a time, in the order in which they were asked for. */
  let tail: Promise<boolean> = Promise.resolve(true)

  const attempt = async (write: () => Promise<void>): Promise<boolean> => {
    if (isClosed) return false
    try {
      if (!isMarked) await writeMemory(folder, memoryNames.mark, mark)
      isMarked = true
      await write()
      return true
    } catch (error) {
      if (!isTroubled) onTrouble(error)
      isTroubled = true
      return false
    }
  }
  const inTurn = (write: () => Promise<void>): Promise<boolean> => {
    tail = tail.then(() => attempt(write))
    return tail
  }
  const writeCrew = (): void => {
    timer = null
    void inTurn(() => writeMemory(folder, memoryNames.crew, crew()))
  }
  return {
    crewChanged() {
      if (timer !== null || isClosed) return
      timer = setTimeout(writeCrew, crewDelayMs)
    },
    async announcing(stand) {
      const isThere = await inTurn(async () => {
        await writeMemory(folder, memoryNames.stand(stand.next), { ...stand, atSeconds: clock.seconds() })
        // The one before counts until this announcement has been sent; the one before that does not any more.
        await rm(join(folder, memoryNames.stand(stand.next - 2)), { force: true })
      })
      return isThere ? `${id} ${stand.next}` : null
    },
    async close() {
      isClosed = true
      if (timer !== null) clearTimeout(timer)
      await tail
    },
  }
}
