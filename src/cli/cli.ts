#!/usr/bin/env node
import { isMainThread } from 'node:worker_threads'

/*
 * A backend is chosen once, when krylov is loaded: nothing here may load it before the arguments are read. The other
 * backend runs in a worker that starts at this same file.
 */
if (isMainThread) {
  const { main } = await import('./main.ts')
  process.exitCode = await main(process.argv.slice(2), new URL(import.meta.url))
} else {
  const { serve } = await import('./solve-worker.ts')
  await serve()
}
