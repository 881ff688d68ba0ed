export const leakArguments: readonly string[]
export function runProgram(
  name: string,
  bundle: string,
  args: readonly (string | number)[],
  options?: {
    readonly timeout?: number
    readonly nodeArguments?: readonly string[]
    readonly env?: Record<string, string>
  },
): Promise<{
  readonly code: number | null
  readonly signal: string | null
  readonly answer: Record<string, number> & { readonly failures: readonly string[] }
  readonly errors: string
  readonly elapsed: number
  readonly sinceReady: number
}>
