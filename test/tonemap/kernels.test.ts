import { judgeKernels } from './judge-kernels.ts'
import { host } from './kernel-tools.ts'

// The same source as PTX is among the long tests.
judgeKernels(host)
