import { expect, it } from 'vitest'
import { inputBounds } from './input-bounds.ts'

const optionOf = (name: string, address: string): string => {
  const options = inputBounds(address)
  return options[options.indexOf(name) + 1]!
}

it.each([
  ['/media/film.mkv', 'file'],
  ['http://127.0.0.1:4000/x', 'http,tcp'],
  ['http://192.0.2.1/x', 'file'],
])('%s may be reached by %s only', (address, protocols) => {
  expect(optionOf('-protocol_whitelist', address)).toBe(protocols)
})

it('media are opened, and what names other files is not', () => {
  const formats = optionOf('-format_whitelist', '/x').split(',')
  expect(formats).toEqual(expect.arrayContaining(['matroska', 'mov', 'mpegts', 'avi', 'srt', 'sup']))
  for (const naming of ['hls', 'concat', 'dash', 'sdp', 'lavfi', 'image2', 'imf', '']) {
    expect(formats).not.toContain(naming)
  }
})
