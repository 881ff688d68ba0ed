/** Text that is HTML already. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Content = string | number | Markup | readonly Content[]

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, character => entities[character]!)

function render(content: Content): string {
  if (content instanceof Markup) return content.text
  if (typeof content === 'object') return content.map(render).join('')
  return escaped(String(content))
}

/** A template whose insertions are escaped, unless they are markup themselves. */
export const html = (parts: TemplateStringsArray, ...contents: readonly Content[]): Markup =>
  new Markup(parts.map((part, i) => (i === 0 ? part : render(contents[i - 1]!) + part)).join(''))

/** A table with its first column set left. */
export const htmlTable = (head: readonly string[], rows: readonly (readonly string[])[]): Markup => html`
<table>
<thead><tr>${head.map(cell => html`<th>${cell}</th>`)}</tr></thead>
<tbody>
${rows.map(row => html`<tr>${row.map(cell => html`<td>${cell}</td>`)}</tr>\n`)}</tbody>
</table>`

const style = new Markup(`
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem; overflow-wrap: anywhere } h2 { font-size: 1.1rem; margin-top: 2rem }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; display: block; overflow-x: auto }
th, td { padding: .3rem .9rem .3rem 0; text-align: right; border-bottom: 1px solid #ddd; white-space: nowrap }
th:first-child, td:first-child { text-align: left }
svg { max-width: 100%; height: auto }
.plots { display: flex; flex-wrap: wrap; gap: 1rem }
figure { margin: 0; max-width: 100% } figcaption { font-size: .9rem; color: #555 }
pre { line-height: 1.05 }
`)

/** A page that needs nothing from anywhere, and may load nothing. */
export const page = (title: string, body: Content): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<h1>${title}</h1>
${body}
</body>
</html>
`.text
