import { useEffect, useState } from 'preact/hooks'

/** So many rows at first, and so many more in each frame after: a long list never holds up the page. */
const [atFirst, eachFrame] = [12, 8] as const

/** How many of a list to draw by now, rising to all of them. */
export function useGrowing(total: number): number {
  const [count, setCount] = useState<number>(atFirst)
  useEffect(() => {
    if (count >= total) return
    const frame = requestAnimationFrame(() => setCount(count + eachFrame))
    return () => cancelAnimationFrame(frame)
  }, [count, total])
  return Math.min(count, total)
}
