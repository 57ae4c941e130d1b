import { networkInterfaces } from 'node:os'

/** IPv4 addresses of this machine by which others can reach it, wired ones first as the system lists them. */
export function outsideAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => address.family === 'IPv4' && !address.internal)
    .map((address) => address.address)
}
