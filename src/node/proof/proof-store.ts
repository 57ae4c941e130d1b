import { mkdir, open, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { MachineProof } from '../../platforms/proof-result.ts'

/**
 * Proofs as they are kept, one file for each ffmpeg and state of the machine, for all nodes of a user on it: those of
 * `paceline up --nodes 3` prove once.
 */
export interface ProofStore {
  /** Null where nothing is kept under it, or nothing that can be read. */
  read(fingerprint: string): Promise<MachineProof | null>
  write(proof: MachineProof): Promise<void>
  /**
   * Lets nobody else on this machine prove the same until it is released; null where somebody else does. A lock that
   * nobody has renewed for a while was left by a process that is gone.
   */
  lock(fingerprint: string): Promise<(() => Promise<void>) | null>
}

const lockRenewedMs = 5_000
/** A machine that was asleep, or very busy, is given some time. */
const lockAgeMs = 30_000

/** Says in the place of a folder that nothing shall be proved but that the processor can make pictures. */
export const noProofs = 'off'

/** Where caches of a user's programs are, unless PACELINE_PROOFS says it. */
export function usualProofFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { PACELINE_PROOFS: told, XDG_CACHE_HOME: caches } = environment
  return told || join(caches || join(homedir(), '.cache'), 'paceline', 'proofs')
}

export function openProofStore(folder: string): ProofStore {
  const fileOf = (fingerprint: string): string => join(folder, `${fingerprint}.json`)
  return {
    async read(fingerprint) {
      const text = await readFile(fileOf(fingerprint), 'utf8').catch(() => null)
      const kept = text === null ? null : parsed(text)
      return kept?.fingerprint === fingerprint ? kept : null
    },
    async write(proof) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const path = fileOf(proof.fingerprint)
      const fresh = `${path}.${process.pid}`
      await writeFile(fresh, JSON.stringify(proof), { mode: 0o600 })
      await rename(fresh, path)
    },
    async lock(fingerprint) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const path = join(folder, `${fingerprint}.lock`)
      const ageMs = await stat(path).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      )
      if (ageMs > lockAgeMs) await rm(path, { force: true })
      const file = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return null
        throw error
      })
      if (!file) return null
      await file.close()
      const renew = setInterval(() => {
        const now = new Date()
        // Where it is gone it is somebody else's affair by now.
        utimes(path, now, now).catch(() => clearInterval(renew))
      }, lockRenewedMs).unref()
      return () => {
        clearInterval(renew)
        return rm(path, { force: true })
      }
    },
  }
}

/** What this very program has written: its shape is looked at as far as a broken file could do harm. */
function parsed(text: string): MachineProof | null {
  try {
    const value = JSON.parse(text) as Partial<MachineProof> | null
    const isWhole =
      typeof value?.fingerprint === 'string' &&
      typeof value.machine?.ffmpeg?.path === 'string' &&
      Array.isArray(value.platforms) &&
      value.platforms.every(({ platform, rows }) => typeof platform === 'string' && Array.isArray(rows))
    return isWhole ? (value as MachineProof) : null
  } catch {
    return null
  }
}
