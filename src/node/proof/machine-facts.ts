import { createHash } from 'node:crypto'
import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises'
import { release } from 'node:os'
import { join } from 'node:path'
import { fingerprintText, type MachineFacts } from '../../platforms/proof-fingerprint.ts'

/** Where device files of chips are; names in /dev itself go by a pattern. */
const deviceFolders = ['/dev/dri', '/dev/dma_heap']
const deviceNames =
  /^(nvidia|nvhost|nvmap|video|media|mpp_service|mpp-service|rga|mali|kfd|accel|vchiq|dxg|dri)/

/** What says which version a driver has. */
const driverFiles = [
  '/proc/driver/nvidia/version',
  '/sys/module/nvidia/version',
  '/sys/module/amdgpu/version',
  '/etc/nv_tegra_release',
]

/** Folders of libraries that drivers bring along, Debian's and others'. */
const libraryFolders = ['x86_64-linux-gnu', 'aarch64-linux-gnu', 'arm-linux-gnueabihf'].flatMap((triplet) => [
  `/usr/lib/${triplet}`,
  `/usr/lib/${triplet}/dri`,
  `/usr/lib/${triplet}/tegra`,
  `/usr/lib/${triplet}/nvidia`,
])
const moreFolders = ['/usr/lib64', '/usr/lib64/dri', '/usr/lib/dri', '/usr/lib/wsl/lib', '/usr/local/lib']
const recipeFolders = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/etc/OpenCL/vendors']
const libraryNames =
  /^(lib(cuda|nvcuvid|nvidia-encode|va|vulkan|vulkan_\w+|mfx\w*|vpl|OpenCL|rockchip_mpp|rga|nvmpi|mali)\b.*\.so|\w+_drv_video\.so|\w+\.(json|icd)$)/

/** Everything that proofs depend on; reads names, sizes and times alone. `version` is ffmpeg's first line. */
export async function machineFacts(program: string, version: string): Promise<MachineFacts> {
  const path = await realpath(program)
  const [{ size, mtimeMs }, devices, drivers] = await Promise.all([stat(path), findDevices(), findDrivers()])
  return { ffmpeg: { path, size, modifiedMs: mtimeMs, version }, devices, drivers, kernel: release() }
}

/** The same for the same machine, and short. */
export function fingerprintOf(facts: MachineFacts): string {
  return createHash('sha256').update(fingerprintText(facts)).digest('hex').slice(0, 32)
}

/** Render nodes of graphics, the first one first. */
export async function renderNodes(): Promise<readonly string[]> {
  const names = await namesIn('/dev/dri')
  return names.filter((name) => name.startsWith('renderD')).map((name) => `/dev/dri/${name}`)
}

async function findDevices(): Promise<readonly string[]> {
  const own = (await namesIn('/dev')).filter((name) => deviceNames.test(name)).map((name) => `/dev/${name}`)
  const folders = await Promise.all(
    deviceFolders.map(async (folder) => (await namesIn(folder)).map((name) => join(folder, name))),
  )
  return [...own, ...folders.flat(), ...(await chipsBehind())]
}

/** Graphics by maker and model, and cameras and codecs of the kernel by name. */
async function chipsBehind(): Promise<readonly string[]> {
  const cards = (await namesIn('/sys/class/drm')).filter((name) => /^renderD\d+$/.test(name))
  const graphics = cards.map(async (card) => {
    const [maker, model] = await Promise.all(
      ['vendor', 'device'].map((file) => textOf(`/sys/class/drm/${card}/device/${file}`)),
    )
    return `${card} ${maker} ${model}`
  })
  const codecs = (await namesIn('/sys/class/video4linux')).map(
    async (name) => `${name} ${await textOf(`/sys/class/video4linux/${name}/name`)}`,
  )
  return Promise.all([...graphics, ...codecs])
}

async function findDrivers(): Promise<readonly string[]> {
  const told = driverFiles.map(async (file) => {
    const text = await textOf(file)
    return text === '' ? [] : [`${file} ${text}`]
  })
  const folders = [...libraryFolders, ...moreFolders, ...recipeFolders].map(librariesIn)
  return (await Promise.all([...told, ...folders])).flat()
}

/** A library's version is in the name that its links lead to; a size and a time tell the rest. */
async function librariesIn(folder: string): Promise<readonly string[]> {
  const names = (await namesIn(folder)).filter((name) => libraryNames.test(name))
  const described = names.map(async (name) => {
    const path = join(folder, name)
    const [target, state] = await Promise.all([
      readlink(path).catch(() => ''),
      stat(path).catch(() => undefined),
    ])
    return `${path} ${target} ${state?.size ?? 0} ${state?.mtimeMs ?? 0}`
  })
  return Promise.all(described)
}

/** Empty where there is no such folder, or it may not be read. */
async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).toSorted()
}

/** Empty where there is no such file, or it may not be read. */
async function textOf(file: string): Promise<string> {
  return (await readFile(file, 'utf8').catch(() => '')).trim()
}
