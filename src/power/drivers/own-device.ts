import { z } from 'zod'
import { PacelineError } from '../../errors.ts'

const twelveDigits = /^([0-9a-f]{2}[:-]?){5}[0-9a-f]{2}$/i
const digitsOf = (mac: string): string => mac.replaceAll(/[:-]/g, '').toUpperCase()

/** The MAC address of a device, however it is written: addresses in a network may change hands, this one does not. */
export const macSetting = z
  .string()
  .regex(twelveDigits, 'must look like 00:11:22:33:44:55')
  .transform(digitsOf)

/**
 * Whether the device that answers is the one that is meant.
 *
 * @throws PacelineError E_POWER_ANSWER when it says another MAC address
 */
export function expectOwn(name: string, expected: string, said: string): void {
  if (digitsOf(said) === expected) return
  const other = twelveDigits.test(said) ? `the one with ${said}` : 'one that does not say its MAC address'
  throw new PacelineError('E_POWER_ANSWER', `${name}: another device answers here, ${other}`)
}
