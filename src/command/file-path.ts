/**
 * The path on disk that FFmpeg would open for an address: `file:` is taken off; a drive letter is no protocol, nor is
 * a colon that comes after a character which no protocol's name has (`Some Title_ Part 2: x.mkv`).
 * @returns null for standard input and output, and for other protocols (`http://...`, `pipe:0`, `subfile,,...`).
 */
export function filePath(address: string): string | null {
  if (address === '-') return null
  if (address.startsWith('file:')) return address.slice('file:'.length)
  if (/^subfile,[^:]*:/.test(address)) return null
  const protocol = /^([A-Za-z0-9+.-]*):/.exec(address)?.[1]
  return protocol === undefined || protocol.length === 1 ? address : null
}
