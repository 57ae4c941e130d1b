/**
 * Percent-encodes for a query as the recorded transcoder does: everything but the unreserved characters of RFC 3986,
 * byte by byte in UTF-8, with capital hexadecimal digits.
 */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
