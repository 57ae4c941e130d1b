import { fileURLToPath } from 'node:url'

/** Where `make -C native/shim` leaves the shim for this machine. */
export function shimPath(): string {
  return fileURLToPath(new URL('../../native/shim/build/paceline-shim', import.meta.url))
}
