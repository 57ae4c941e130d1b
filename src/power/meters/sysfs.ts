import { readdir, readFile } from 'node:fs/promises'
import { PacelineError } from '../../errors.ts'

const absent = ['ENOENT', 'ENOTDIR', 'ENODEV', 'ENXIO']

/** The text of a file of the kernel's, trimmed; undefined where there is none. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (absent.includes(code)) return undefined
    if (code === 'EACCES' || code === 'EPERM')
      throw new PacelineError('E_METER_DENIED', path, { cause: error })
    // A sensor that is asleep or on a bus with noise: EIO, EAGAIN, ETIMEDOUT.
    throw new PacelineError('E_POWER_ANSWER', `${path}: ${code}`, { cause: error })
  }
}

/**
 * The number in a file of the kernel's.
 *
 * @throws PacelineError E_METER_DENIED, or E_POWER_ANSWER where there is no number or no file
 */
export async function readNumber(path: string): Promise<number> {
  const text = await readText(path)
  const value = Number(text)
  if (text !== undefined && text !== '' && Number.isFinite(value)) return value
  throw new PacelineError(
    'E_POWER_ANSWER',
    `${path}: ${text === undefined ? 'it has gone' : `not a number: ${text.slice(0, 40)}`}`,
  )
}

/** The entries of a folder of the kernel's in their order, numbers by value; none where there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  } catch (error) {
    if (absent.includes((error as NodeJS.ErrnoException).code ?? '')) return []
    throw new PacelineError('E_METER_DENIED', folder, { cause: error })
  }
}
