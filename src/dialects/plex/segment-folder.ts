import { copyFile, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** The job's working directory, where the media server looks for segments. */
export interface SegmentFolder {
  /** Creates an empty file, as the transcoder does when it begins a segment. */
  create(name: string): Promise<void>
  /**
   * Gives the file `stagedPath` this name in one step: whoever opens the name sees the empty file or the whole
   * one. The staged file is gone afterwards.
   */
  place(name: string, stagedPath: string): Promise<void>
}

/** Takes the folder as it is, and rejects in each call with what the file system says when it is not there. */
export function openSegmentFolder(directory: string): SegmentFolder {
  return {
    async create(name) {
      const file = await open(join(directory, name), 'w')
      await file.close()
    },
    async place(name, stagedPath) {
      const target = join(directory, name)
      try {
        await rename(stagedPath, target)
      } catch (error) {
        if (!isOtherFilesystem(error)) throw error
        await placeCopy(directory, name, stagedPath)
      }
    },
  }
}

async function placeCopy(directory: string, name: string, stagedPath: string): Promise<void> {
  const beside = join(directory, `.${name}.tmp`)
  try {
    await copyFile(stagedPath, beside)
    await rename(beside, join(directory, name))
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
  await rm(stagedPath, { force: true })
}

function isOtherFilesystem(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EXDEV'
}
