// HTML and SVG as text: what stands between is escaped, unless it is markup already.

export class Markup {
  constructor(readonly text: string) {}
}

/** A template whose values are escaped; lists are joined. */
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): Markup {
  return new Markup(strings.map((text, n) => text + (n < values.length ? textOf(values[n]) : '')).join(''));
}

function textOf(value: unknown): string {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(textOf).join('');
  return String(value).replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}
