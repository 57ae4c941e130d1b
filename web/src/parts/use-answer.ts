import { useCallback, useEffect, useState } from 'preact/hooks'
import { ask, CallFailure } from '../api/call.ts'

export interface Answer<T> {
  /** The last that came; null before the first. */
  readonly value: T | null
  readonly failure: CallFailure | null
  readonly again: () => void
}

/** Asks the head for something now, when `version` changes, and every so many milliseconds. */
export function useAnswer<T>(path: string, everyMs: number, version: unknown = 0): Answer<T> {
  const [value, setValue] = useState<{ path: string; value: T } | null>(null)
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const [asked, setAsked] = useState(0)
  const again = useCallback(() => setAsked((times) => times + 1), [])
  useEffect(() => {
    const abort = new AbortController()
    const askNow = async () => {
      try {
        setValue({ path, value: await ask<T>(path, abort.signal) })
        setFailure(null)
      } catch (error) {
        if (abort.signal.aborted) return
        if (!(error instanceof CallFailure)) throw error
        setFailure(error)
      }
    }
    void askNow()
    const timer = setInterval(() => void askNow(), everyMs)
    return () => {
      clearInterval(timer)
      abort.abort()
    }
  }, [path, everyMs, version, asked])
  // What came for another page is not shown on this one.
  return { value: value?.path === path ? value.value : null, failure, again }
}
