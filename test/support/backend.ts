import { expect } from 'vitest'
import { backend } from '../../src/core/backend.ts'

/* A project tests the backend it is named after: a missing addon fails here instead of skipping. */
expect(backend().name).toBe(process.env.KRYLOV_BACKEND)
