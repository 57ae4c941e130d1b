// Installs or uninstalls from the build, and kills itself at a step: tests see what is left.
// The build may not be there when types are checked, and must not be checked itself.
/** @param {string} name */
const built = (name) => import(new URL(`../../dist/install/${name}.js`, import.meta.url).href)
const { installPlex } = await built('install-plex')
const { readShims } = await built('shims')
const { uninstallPlex } = await built('uninstall-plex')

const [what, dataFolder, folder, shim, socket, last] =
  /** @type {[string, string, string, string, string, string]} */ (process.argv.slice(2))
let steps = 0
/** @param {string} step */
const onStep = (step) => {
  if (steps++ === Number(last)) process.kill(process.pid, 'SIGKILL')
  process.stdout.write(`${step}\n`)
}
const where = folder.endsWith('/') ? { root: folder.slice(0, -1) } : { folder }
if (what === 'install') {
  await installPlex(where, {
    dataFolder,
    socket,
    usualSocket: socket,
    shims: await readShims([shim]),
    onStep,
  })
} else await uninstallPlex(where, dataFolder, onStep)
