// Charts as inline SVG, drawn from numbers alone: no script, nothing from elsewhere.
import { html, type Markup } from './html.js';

const WIDTH = 720;
const HEIGHT = 200;
const LEFT = 56;
const BOTTOM = 24;

const plot = { width: WIDTH - LEFT - 8, height: HEIGHT - BOTTOM - 12 };
const x = (share: number): number => LEFT + share * plot.width;
const y = (share: number): number => 12 + (1 - share) * plot.height;

export interface Mark {
  readonly value: number;
  readonly label: string;
}

/** Values over time as a surface; `mark` is a line across. */
export function areaChart(values: readonly number[], mark: Mark, last: string): Markup {
  const top = niceTop(Math.max(mark.value, ...values));
  const points = values.map(
    (value, n) => `${x(n / Math.max(1, values.length - 1)).toFixed(1)},${y(value / top).toFixed(1)}`,
  );
  const surface = `${x(0)},${y(0)} ${points.join(' ')} ${x(1)},${y(0)}`;
  return frame(
    top,
    html`<polygon class="area" points="${surface}" /><polyline class="line" points="${points.join(' ')}" /><line
        class="mark"
        x1="${x(0)}"
        x2="${x(1)}"
        y1="${y(mark.value / top)}"
        y2="${y(mark.value / top)}"
      /><text class="marked" x="${x(0) + 4}" y="${y(mark.value / top) - 4}">${mark.label}</text
      ><text x="${x(0)}" y="${HEIGHT - 6}">0 s</text
      ><text x="${x(1)}" y="${HEIGHT - 6}" text-anchor="end">${last}</text>`,
  );
}

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Drawn in the colour of what went wrong. */
  readonly bad?: boolean;
}

/** One bar beside the other, such as one for each cycle. */
export function barChart(bars: readonly Bar[]): Markup {
  const top = niceTop(Math.max(1, ...bars.map(({ value }) => value)));
  const step = plot.width / bars.length;
  const gap = step > 6 ? 2 : 0;
  const every = Math.ceil(bars.length / 12);
  return frame(
    top,
    bars.map(
      ({ label, value, bad }, n) =>
        html`<rect
            class="${bad ? 'bar bad' : 'bar'}"
            x="${(LEFT + n * step + gap / 2).toFixed(1)}"
            y="${y(value / top).toFixed(1)}"
            width="${Math.max(0.5, step - gap).toFixed(1)}"
            height="${((value / top) * plot.height).toFixed(1)}"
          >
            <title>${label}: ${value}</title></rect
          >${n % every === 0 ? html`<text x="${(LEFT + (n + 0.5) * step).toFixed(1)}" y="${HEIGHT - 6}" text-anchor="middle">${label}</text>` : ''}`,
    ),
  );
}

export interface Span {
  readonly label: string;
  /** From small to large, such as p50, p95, p99. */
  readonly values: readonly number[];
  readonly words: string;
}

/** A row for each: nested bars from the same beginning. */
export function spanChart(spans: readonly Span[]): Markup {
  const top = niceTop(Math.max(1, ...spans.flatMap(({ values }) => values)));
  const row = 30;
  // Room for the words of the smallest windows, where they are largest.
  const from = 200;
  const wide = WIDTH - from - 230;
  const height = spans.length * row + 8;
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img">
    ${spans.map(
      ({ label, values, words }, n) =>
        html`<text x="${from - 8}" y="${n * row + 21}" text-anchor="end">${label}</text>${values
            .toReversed()
            .map(
              (value, at) =>
                html`<rect
                  class="span span${at}"
                  x="${from}"
                  y="${n * row + 8}"
                  width="${Math.max(1, (value / top) * wide).toFixed(1)}"
                  height="18"
                  rx="3"
                />`,
            )}<text x="${(from + Math.max(1, (Math.max(...values) / top) * wide) + 8).toFixed(1)}" y="${n * row + 21}"
            >${words}</text
          >`,
    )}
  </svg>`;
}

/** Axis and lines behind what is drawn. */
const frame = (top: number, drawn: Markup | readonly Markup[]): Markup =>
  html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">
    ${[0, 0.5, 1].map(
      (share) =>
        html`<line class="grid" x1="${LEFT}" x2="${WIDTH - 8}" y1="${y(share)}" y2="${y(share)}" /><text
            x="${LEFT - 6}"
            y="${y(share) + 4}"
            text-anchor="end"
            >${Number((top * share).toPrecision(3))}</text
          >`,
    )}${drawn}
  </svg>`;

/** The next of 1, 2, 5, 10, 20, 50… that is not smaller. */
export function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}
