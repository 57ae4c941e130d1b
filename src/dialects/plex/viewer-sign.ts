/** `… Request: [192.168.1.5:53422 (Subnet)] GET /hubs/promoted?… (8 live) …`; the words before it are in the server's language. */
const request = / Request: \[.+?\)\] GET (\/\S*)/

/** Rows of the first page, and of a library's; Tautulli asks for what was added lately, whether anybody is there or not. */
const rows = /^\/hubs(?!\/home\/recentlyAdded)(\/|$)/
/** Whether and how a title will be played, just before it is. */
const decision = '/video/:/transcode/universal/decision'
/** The page of one title. Programs that keep lists ask for it as well, but not whether its files are there. */
const title = /^\/library\/metadata\/\d+$/

/**
 * Whether a line of `Plex Media Server.log` says that somebody looks at the server's pages, and so may begin to watch.
 * The form of these lines is known from logs that people have published.
 */
export function isViewerSign(line: string): boolean {
  const [path = '', query = ''] = request.exec(line)?.[1]?.split('?') ?? []
  if (rows.test(path) || path === decision) return true
  return title.test(path) && /(^|&)checkFiles=1(&|$)/.test(query)
}
