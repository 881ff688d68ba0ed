import type { Terminal } from './command.ts'

// File names and error texts come from outside: an escape sequence in them must not drive the terminal.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g

const printable = (text: string): string => text.replace(CONTROL, '\ufffd')

/** The process's own standard streams. */
export function standardTerminal(): Terminal {
  const { stdout, stderr } = process
  // A reader such as `head` may leave early: no failure of ours.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  let shown = false
  const progress = (text: string): void => {
    if (!stderr.isTTY || (text === '' && !shown)) return
    shown = text !== ''
    stderr.write(`\r\x1b[K${printable(text).slice(0, Math.max(0, (stderr.columns || 80) - 1))}`)
  }
  return {
    progress,
    print(text) {
      progress('')
      stdout.write(`${printable(text)}\n`)
    },
    note(text) {
      progress('')
      stderr.write(`${printable(text)}\n`)
    },
  }
}
