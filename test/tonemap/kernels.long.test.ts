import { judgeKernels } from './judge-kernels.ts'
import { ptxRunners } from './kernel-tools.ts'

ptxRunners.forEach(judgeKernels)
