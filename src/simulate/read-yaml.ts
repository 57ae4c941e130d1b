import { parse } from 'yaml'
import type { ZodType } from 'zod'
import { PacelineError } from '../errors.ts'

/**
 * Reads a file of the simulator, YAML or JSON, and checks it.
 *
 * @throws PacelineError E_SIMULATE_FILE that names the file and the first thing that is wrong in it
 */
export function readYaml<T>(text: string, name: string, schema: ZodType<T>): T {
  let value: unknown
  try {
    value = parse(text)
  } catch (error) {
    throw new PacelineError(
      'E_SIMULATE_FILE',
      `${name}: ${error instanceof Error ? error.message.trim() : String(error)}`,
      { cause: error },
    )
  }
  const checked = schema.safeParse(value)
  if (checked.success) return checked.data
  const issue = checked.error.issues[0]!
  const where = issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''
  throw new PacelineError('E_SIMULATE_FILE', `${name}: ${where}${issue.message}`)
}
