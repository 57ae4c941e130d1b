import { PacelineError } from '../errors.ts'
import { codingFailures } from '../install/coded-failure.ts'
import { setObserveOnly } from '../install/observe-switch.ts'
import { openApiClient } from './api-client.ts'

/**
 * Has the head of a data folder only observe, or no longer: the one that runs, and those to come. Returns whether one
 * runs. PacelineError E_INSTALL_DENIED.
 */
export async function switchObserving(dataFolder: string, on: boolean): Promise<boolean> {
  await codingFailures(dataFolder, () => setObserveOnly(dataFolder, on))
  try {
    const client = await openApiClient(dataFolder)
    await client.post('/observe', { on })
    return true
  } catch (error) {
    if (error instanceof PacelineError && error.code === 'E_HEAD_UNREACHABLE') return false
    throw error
  }
}
