import { lookAtInstallations } from '../../install/look-at-installations.ts'
import { type Check, ill, well } from './check.ts'

/** Whether the shim is still where it was put: updates of media servers bring their own transcoder back. */
export function installationCheck(dataFolder: string): Check {
  return {
    name: 'the media server',
    async look() {
      try {
        const all = await lookAtInstallations(dataFolder)
        const bad = all.find(({ ok }) => !ok)
        if (bad) return ill(`${bad.transcoder}: ${bad.found}`, bad.remedy ?? '')
        if (all.length === 0) return well('none is installed in; paceline install plex does so')
        return well(all.map(({ transcoder, found }) => `${transcoder}: ${found}`).join(' '))
      } catch (error) {
        const remedy = `Run paceline install plex again: it writes ${dataFolder}/installations.json anew.`
        return ill(`what was installed cannot be read (${(error as Error).message})`, remedy)
      }
    },
  }
}
