const mask = '***'

/** Names of query parameters and headers whose values are keys. Those of Plex, Jellyfin and Emby, and the usual ones. */
const secretName =
  'x-plex-token|x-emby-token|x-mediabrowser-token|api_?key|token|access_?token|password|passwd|auth|authorization|secret|signature|cookie'

const inQuery = new RegExp(`([?&;](?:${secretName})=)[^&#;\\s]*`, 'gi')
const inHeader = new RegExp(`^(\\s*(?:${secretName})\\s*:).*$`, 'gim')
const inAddress = /([a-z][a-z0-9+.-]*:\/\/)[^/?#@\s]*@/gi

/**
 * A command line that may be shown: keys in addresses, in their queries and in headers, and users and passwords before a
 * host are replaced by `***`. The shim keeps the server's token to itself anyway; this is for all others.
 */
export function maskedArguments(args: readonly string[]): string[] {
  return args.map((argument, index) => {
    if (
      /^-(?:headers|cookies|key|cenc_decryption_key|decryption_key|encryption_key)$/.test(
        args[index - 1] ?? '',
      )
    )
      return mask
    return argument
      .replace(inQuery, `$1${mask}`)
      .replace(inHeader, `$1 ${mask}`)
      .replace(inAddress, `$1${mask}@`)
  })
}
