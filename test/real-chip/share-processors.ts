/** A node with a chip and two without, on processors of their own where there are enough; the head has what is left. */
export function shareProcessors(all: readonly number[]): {
  readonly head: readonly number[]
  readonly nodes: readonly (readonly number[])[]
} {
  if (all.length < 8) return { head: all, nodes: [all, all, all] }
  const each = Math.floor((all.length - 2) / 3)
  const nodes = [0, 1, 2].map((node) => all.slice(node * each, (node + 1) * each))
  return { head: all.slice(3 * each), nodes }
}
