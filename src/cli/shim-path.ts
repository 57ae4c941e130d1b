import { fileURLToPath } from 'node:url'

/** Where `make -C native/shim` leaves the shim for this machine. */
export function shimPath(): string {
  return fileURLToPath(new URL('../../native/shim/build/paceline-shim', import.meta.url))
}

/** The shims that can be built here, that for this machine first: `make -C native/shim arm64` makes the second. */
export function shimPaths(): string[] {
  return [shimPath(), `${shimPath()}-arm64`]
}
