import { describe, expect, it } from 'vitest'
import { filePath } from './file-path.ts'

describe('filePath', () => {
  it.each([
    ['/media/a film.mkv', '/media/a film.mkv'],
    ['file:/media/a.mkv', '/media/a.mkv'],
    ['file:/media/file:b.mkv', '/media/file:b.mkv'],
    ['media-%05d.ts', 'media-%05d.ts'],
    ['C:\\films\\a.mkv', 'C:\\films\\a.mkv'],
    ['E:/films/a.mkv', 'E:/films/a.mkv'],
    ['Some Title_ Part 2: x.mkv', 'Some Title_ Part 2: x.mkv'],
    ['/media/a:b.mkv', '/media/a:b.mkv'],
    ['', ''],
  ])('opens %s as the file %s', (address, path) => {
    expect(filePath(address)).toBe(path)
  })

  it.each([
    '-',
    'pipe:0',
    'http://127.0.0.1:32400/x',
    'rtmp://camera/1',
    'concat:a.ts|b.ts',
    'subfile,,start,0,end,9,,:a.ts',
  ])('finds no file in %s', (address) => {
    expect(filePath(address)).toBeNull()
  })
})
