/** `1 node`, `3 nodes`. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** `oak`, `oak and elm`, `oak, elm and 3 others`. */
export function listText(names: readonly string[], most = 3): string {
  const [first = '', ...others] = names
  if (others.length === 0) return first
  if (names.length <= most) return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
  return `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} others`
}
