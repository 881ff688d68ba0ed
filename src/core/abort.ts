/*
 * One listener per signal, however many calls share it: a signal with more than ten makes Node warn of a leak.
 */

const waiting = new WeakMap<AbortSignal, Set<() => void>>()

/** Calls `act` when the signal is aborted, unless the returned function is called before. */
export function whenAborted(signal: AbortSignal, act: () => void): () => void {
  let acts = waiting.get(signal)
  if (acts === undefined) {
    const made = new Set<() => void>()
    const fire = () => {
      for (const one of [...made]) one()
    }
    signal.addEventListener('abort', fire, { once: true })
    acts = made
    waiting.set(signal, acts)
  }
  const own = () => act()
  acts.add(own)
  return () => acts.delete(own)
}
