import { PacelineError } from '../../errors.ts'
import { type ApiClient, openApiClient } from '../api-client.ts'
import { type Check, type Finding, ill, well } from './check.ts'

interface HeadFacts {
  readonly version: string
  readonly nodes: readonly {
    readonly name: string
    readonly cores: number
    readonly platforms: readonly string[]
  }[]
}

/** Whether the head of this data folder answers, and has nodes that can work. No head at all is no fault. */
export function headCheck(dataFolder: string): Check {
  return {
    name: 'the head and its nodes',
    async look() {
      const client = await openApiClient(dataFolder).catch((error: unknown) => noAddress(error, dataFolder))
      if ('found' in client) return client
      try {
        return judgeHead(await client.get<HeadFacts>('/status'))
      } catch (error) {
        return ill(
          `a head has left its address in ${dataFolder}, and it does not answer (${(error as Error).message})`,
          'Start it again: paceline up or paceline head.',
        )
      }
    },
  }
}

function noAddress(error: unknown, dataFolder: string): Finding | ApiClient {
  if (!(error instanceof PacelineError)) throw error
  const { code } = error.cause as NodeJS.ErrnoException
  if (code === 'EACCES') {
    return ill(`${dataFolder} may not be read`, 'Run this as the user that runs the head.')
  }
  return well('no head runs with this data folder; paceline up or paceline head starts one')
}

export function judgeHead({ version, nodes }: HeadFacts): Finding {
  if (nodes.length === 0) {
    return ill(
      `head ${version}, and no node has joined it`,
      'Join one: paceline token on this machine, then paceline node --join TOKEN on the other.',
    )
  }
  const idle = nodes.filter(({ platforms }) => platforms.length === 0).map(({ name }) => name)
  if (idle.length > 0) {
    return ill(`${idle.join(', ')}: no encoder works there`, 'Run paceline doctor on that machine.')
  }
  const list = nodes.map(({ name, cores, platforms }) => `${name} (${cores} cores, ${platforms.join(', ')})`)
  return well(`head ${version}, nodes: ${list.join(', ')}`)
}
