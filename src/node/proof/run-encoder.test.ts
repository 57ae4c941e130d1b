import { describe, expect, it } from 'vitest'
import { lastWords, runForProof, watchSpeed } from './run-encoder.ts'

const node = (script: string, limitMs = 10_000, signal = new AbortController().signal) =>
  runForProof({ command: [process.execPath], args: ['-e', script], limitMs, signal })

describe('a process of a proof', () => {
  it('is well when it ends with 0, whatever it says', async () => {
    expect(await node('console.error("a warning")')).toEqual({ why: null, words: 'a warning\n' })
  })

  it('is repeated in its own words when it fails', async () => {
    const { why } = await node('console.error("one\\ntwo\\n\\nthree"); process.exit(1)')
    expect(why).toBe('one\ntwo\nthree')
    expect((await node('process.exit(3)')).why).toBe('ffmpeg ended with exit code 3 and said nothing')
    expect((await node('process.kill(process.pid, "SIGSEGV")')).why).toMatch(/SIGSEGV/)
  })

  it('is killed when it hangs, long before its time is up', async () => {
    const startedMs = performance.now()
    const { why } = await node('setTimeout(() => {}, 60_000)')
    expect(why).toBe('it hung: nothing happened for 3 s')
    expect(performance.now() - startedMs).toBeLessThan(8_000)
  })

  it('is killed when it works for too long', async () => {
    expect((await node('for (;;);', 800)).why).toBe('it took more than 0.8 s')
  })

  it('is killed with what is given up', async () => {
    const giveUp = new AbortController()
    setTimeout(() => giveUp.abort(), 300)
    expect((await node('for (;;);', 10_000, giveUp.signal)).why).toBe('it was given up')
    expect((await node('', 10_000, giveUp.signal)).why).toBe('it was given up')
  })

  it('gives way to what is more urgent, and runs behind everything else', async () => {
    let isUrgent = false
    setTimeout(() => {
      isUrgent = true
    }, 400)
    const startedMs = performance.now()
    const ran = await runForProof({
      ...{ command: [process.execPath], args: ['-e', 'console.error(os.getPriority()); for (;;);'] },
      ...{ limitMs: 10_000, signal: new AbortController().signal, givesWay: () => isUrgent },
    })
    expect(performance.now() - startedMs).toBeLessThan(2_000)
    expect(ran).toEqual({ why: 'it gave way to something more urgent', words: '19\n', gaveWay: true })
  })

  it('is missed when it cannot be started', async () => {
    const { why } = await runForProof({
      ...{ command: ['/nonexistent/ffmpeg'], args: [], limitMs: 1_000 },
      signal: new AbortController().signal,
    })
    expect(why).toMatch(/nonexistent/)
  })
})

describe('last words', () => {
  it('are the last lines, without addresses that are others each time', () => {
    const words = [
      '1',
      '2',
      '[h264_nvenc @ 0x564ea88e0600] Cannot load libcuda.so.1',
      '4',
      '5',
      '6',
      '7',
      '',
    ].join('\n')
    expect(lastWords(words)).toBe('2\n[h264_nvenc] Cannot load libcuda.so.1\n4\n5\n6\n7')
  })
})

describe('a speed', () => {
  it('is counted from the first report with pictures, so that starting does not count', () => {
    const watch = watchSpeed()
    expect(watch.speed()).toBeNull()
    watch.onProgress('frame=0\nprogress=continue\n', 1_000)
    watch.onProgress('frame=10\nprogress=continue\n', 5_000)
    expect(watch.speed()).toBeNull()
    watch.onProgress('frame=40\nprogress=continue\nframe=70\nprogress=end\n', 6_000)
    expect(watch.speed()).toBe(60)
  })

  it('is enough some time after the first pictures, or when it is given up', async () => {
    const watch = watchSpeed()
    const giveUp = new AbortController()
    setTimeout(() => watch.onProgress('frame=1\n', performance.now()), 50)
    const startedMs = performance.now()
    await watch.enough(200, giveUp.signal)
    expect(performance.now() - startedMs).toBeGreaterThan(230)
    giveUp.abort()
    await watchSpeed().enough(60_000, giveUp.signal)
  })
})
