import { type ErrorCode, KrylovError } from '../core/errors.ts'
import { type ExitCode, exit } from './command.ts'
import { UsageError } from './usage-error.ts'

interface Explanation {
  readonly code: ExitCode
  readonly kind: string
  readonly message: string
}

const ours: Readonly<Partial<Record<ErrorCode, ExitCode>>> = { ERR_OPTION: exit.usage, ERR_BACKEND: exit.internal }

/** What the user is told of an error, and how the process ends. */
export function explain(error: unknown): Explanation {
  if (error instanceof UsageError) return { code: exit.usage, kind: 'ERR_USAGE', message: error.message }
  if (error instanceof KrylovError)
    return { code: ours[error.code] ?? exit.input, kind: error.code, message: error.message }
  const { code, path, message, stack } = (error instanceof Error ? error : new Error(String(error))) as ErrnoError
  if (path !== undefined)
    return { code: exit.input, kind: code ?? 'ERR_FILE', message: fileProblem(path, code, message) }
  return { code: exit.internal, kind: code ?? 'ERR_INTERNAL', message: stack ?? message }
}

type ErrnoError = Error & { readonly code?: string; readonly path?: string }

const problems: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a directory, not a file',
  EACCES: 'no permission to open it',
  EPERM: 'no permission to open it',
  ENOSPC: 'no space left on the device',
}

const fileProblem = (path: string, code: string | undefined, message: string): string =>
  `${path}: ${(code !== undefined ? problems[code] : undefined) ?? message}`
