/*
 * A sleeping event loop takes 50 us and more to wake up, several times what a small solve takes: it stays awake for the
 * first moments of a job, turning and doing whatever else there is to do.
 */

const MOMENTS = 0.1 // milliseconds: longer jobs do not notice the time to wake up

let jobs = 0
let until = 0
let turning = false

/** A job has started; the function that is returned says that it has ended. */
export function stayAwake(): () => void {
  jobs++
  until = performance.now() + MOMENTS
  if (!turning) {
    turning = true
    setImmediate(turn)
  }
  return () => {
    jobs--
  }
}

function turn(): void {
  turning = jobs > 0 && performance.now() < until
  if (turning) setImmediate(turn)
}
