/** A folder of the head's and where the same folder is on this node. */
export interface PathRule {
  readonly head: string
  readonly here: string
}

/** Reads `--map` values: `/head/folder=/folder/here`. Null for anything else. */
export function parsePathRule(text: string): PathRule | null {
  const match = /^(\/[^=]*)=(\/.*)$/.exec(text)
  return match ? { head: match[1]!, here: match[2]! } : null
}
