import { judgeGreys } from './judge-greys.ts'
import { ptxRunners } from './kernel-tools.ts'

ptxRunners.forEach(judgeGreys)
