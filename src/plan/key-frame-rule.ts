/** What comes before the plus was written until 2021; it is 0 for Plex. */
const fromZero = /^expr:gte\(t,(?:0\+)?n_forced\*([\d.]+)\)$/

/** Jellyfin counted from where its session begins. */
const fromSomewhere = /^expr:gte\(t,(?:\d+(?:\.\d+)?\+)?n_forced\*([\d.]+)\)$/

/** Emby counts from the key frame before, which comes to the same. */
const fromBefore = /^expr:if\(isnan\(prev_forced_t\),eq\(t,t\),gte\(t,prev_forced_t\+([\d.]+)\)\)$/

/**
 * From key frame to key frame in seconds, as `-force_key_frames` asks for them; null for another rule.
 * @param isListed whether the server has written the list of segments already, so that it means the times in it.
 */
export function keyFrameSeconds(rule: string, isListed: boolean): number | null {
  const patterns = isListed ? [fromSomewhere, fromBefore] : [fromZero]
  const seconds = Number(
    patterns.map((pattern) => pattern.exec(rule)?.[1]).find((found) => found !== undefined),
  )
  return seconds > 0 ? seconds : null
}
