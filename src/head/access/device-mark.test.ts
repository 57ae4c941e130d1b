import { describe, expect, it } from 'vitest'
import { createDeviceMarks } from './device-mark.ts'

const marks = createDeviceMarks('the secret of the head')
const pair = (cookie: string): string => cookie.split(';')[0]!

describe('the mark of a browser', () => {
  it('is for this very host, over TLS, for no script and no other site', () => {
    expect(marks.cookie('admin')).toMatch(
      /^__Host-paceline-device=admin\.[\w-]{22}\.[\w-]{43}; Path=\/; Max-Age=31536000; Secure; HttpOnly; SameSite=Strict$/,
    )
  })

  it('is known again, after a restart too, and each is another', () => {
    const [one, other] = [pair(marks.cookie('admin')), pair(marks.cookie('admin'))]
    const again = createDeviceMarks('the secret of the head')
    expect(marks.deviceIn(`a=b; ${one}; c=d`, 'admin')).toMatch(/^device admin\.[\w-]{22}$/)
    expect(again.deviceIn(one, 'admin')).toBe(marks.deviceIn(one, 'admin'))
    expect(marks.deviceIn(other, 'admin')).not.toBe(marks.deviceIn(one, 'admin'))
  })

  it('of who only looks is none of who may do all; the other way round it is', () => {
    const [admin, viewer] = [pair(marks.cookie('admin')), pair(marks.cookie('viewer'))]
    expect(marks.deviceIn(viewer, 'viewer')).not.toBeNull()
    expect(marks.deviceIn(viewer, 'admin')).toBeNull()
    expect(marks.deviceIn(admin, 'viewer')).not.toBeNull()
  })

  it('that the head has not made is none', () => {
    const own = pair(marks.cookie('viewer'))
    for (const cookies of [
      ...[undefined, '', 'a=b', '__Host-paceline-device=', own.replace('-device', '')],
      ...[
        `${own}A`,
        own.slice(0, -2),
        own.replace('=viewer', '=admin'),
        own.replace('=viewer.', '=viewer.A'),
      ],
      pair(createDeviceMarks('another secret').cookie('viewer')),
    ])
      expect([cookies, marks.deviceIn(cookies, 'viewer')]).toEqual([cookies, null])
  })
})
