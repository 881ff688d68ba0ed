import { bind } from '../core/method.ts'
import { cgSteps } from './cg.steps.ts'
import { symmetricSolver } from './solver.ts'

export const { async: cg, sync: cgSync } = symmetricSolver(bind('cg', cgSteps))
