import { judgeGreys } from './judge-greys.ts'
import { host } from './kernel-tools.ts'

// The same source as PTX is among the long tests.
judgeGreys(host)
