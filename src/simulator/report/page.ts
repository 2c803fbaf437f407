// The report as one page that needs nothing else: to look at, to send on, to keep.
import { areaChart, barChart, spanChart } from './charts.js';
import { html, Markup } from './html.js';
import { STYLE } from './pageStyle.js';
import { MICROSOFT_REQUESTS_PER_SECOND, type RunReport, type VerdictReport } from './report.js';
import { differenceInWords, NOT_COMPARED } from './words.js';

export const reportPage = (report: RunReport): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>simulate ${report.command}: ${verdictOf(report).words}</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <main>${headOf(report)}${verdictBanner(report)}${tiles(report)}${charts(report)}${tables(report)}</main>
      </body>
    </html> `.text;

const headOf = ({ command, tenantUrl, startedAt, machine }: RunReport): Markup =>
  html`<h1>Simulated Entra ID: ${command}</h1>
    <div class="soft">
      ${tenantUrl} · ${startedAt.slice(0, 16).replace('T', ' ')} UTC
      <div class="small">${machine}</div>
    </div>`;

function verdictOf({ converged, verdicts, cycles, hindrance }: RunReport): {
  readonly look: string;
  readonly words: string;
} {
  const broken = cycles.find(({ end }) => end.kind === 'quarantine');
  if (broken) return { look: 'bad', words: 'The job is in quarantine' };
  if (hindrance !== undefined) return { look: 'bad', words: `${NOT_COMPARED}: ${hindrance}` };
  if (converged === undefined) return { look: 'unknown', words: 'Nobody looked whether both sides agree' };
  // Each witness sees the same ones, if all is well with the witnesses.
  const differences = Math.max(0, ...verdicts.map((one) => one.differences));
  return converged
    ? { look: 'good', words: 'Both sides agree' }
    : { look: 'bad', words: `${number(differences)} differences` };
}

function verdictBanner(report: RunReport): Markup {
  const { look, words } = verdictOf(report);
  const ends = report.cycles.flatMap(({ cycle, end }) =>
    end.kind === 'completed' ? [] : [`Cycle ${cycle}: ${end.why}`],
  );
  return html`<div class="verdict ${look}">
    ${words} ${[...report.verdicts.map(witnessInWords), ...ends].map((line) => html`<p>${line}</p>`)}
  </div>`;
}

const witnessInWords = ({ witness, people, groups, memberships, differences }: VerdictReport): string =>
  `${witness}: ${number(people)} people, ${number(groups)} groups and ${number(memberships)} memberships read, ${number(differences)} differences.`;

function tiles({
  organisation,
  requests,
  requestsPerSecond,
  fastEnough,
  cycles,
  refusals,
  mostInFlight,
}: RunReport): Markup {
  const failed = refusals.reduce((sum, { count }) => sum + count, 0);
  const speed = fastEnough === undefined ? 'too few requests to tell' : fastEnough ? 'met' : 'NOT met';
  const shown: readonly (readonly [string, string])[] = [
    [number(organisation.people), `people, ${number(organisation.groups)} groups`],
    [number(cycles.length), cycles.length === 1 ? 'cycle' : 'cycles'],
    [number(requests), `requests, at most ${mostInFlight} in flight`],
    [
      number(Math.round(requestsPerSecond)),
      `requests/s; Microsoft asks for ${MICROSOFT_REQUESTS_PER_SECOND}: ${speed}`,
    ],
    [number(failed), 'objects refused'],
  ];
  return html`<div class="tiles">
    ${shown.map(([value, words]) => html`<div class="tile"><b>${value}</b><span class="soft small">${words}</span></div>`)}
  </div>`;
}

const number = (value: number): string => value.toLocaleString('en');

function charts({ perSecond, phases, cycles }: RunReport): Markup {
  const mark = { value: MICROSOFT_REQUESTS_PER_SECOND, label: `${MICROSOFT_REQUESTS_PER_SECOND}/s` };
  const timed = phases.filter(({ requests }) => requests > 0);
  const spans = timed.map(({ phase, p50, p95, p99 }) => ({
    label: phase,
    values: [p50, p95, p99],
    words: [p50, p95, p99].map((ms) => ms.toFixed(ms < 10 ? 1 : 0)).join(' · '),
  }));
  return html`${card('Requests answered in each second', areaChart(thinned(perSecond), mark, `${perSecond.length} s`))}
  ${card('Milliseconds to the whole answer: median · 95 % · 99 %', spanChart(spans))}
  ${
    cycles.length > 1
      ? card(
          'Requests of each cycle; red where something is not right',
          barChart(
            cycles.map(({ cycle, requests, differences = 0, failed }) => ({
              label: String(cycle),
              value: requests,
              bad: differences > 0 || failed > 0,
            })),
          ),
        )
      : ''
  }`;
}

const POINTS = 600;

/** Means of neighbours, so that a day fits on the page. */
function thinned(values: readonly number[]): readonly number[] {
  const size = Math.ceil(values.length / POINTS);
  if (size <= 1) return values;
  return Array.from({ length: Math.ceil(values.length / size) }, (_, n) => {
    const some = values.slice(n * size, (n + 1) * size);
    return some.reduce((sum, one) => sum + one, 0) / some.length;
  });
}

const card = (title: string, inside: Markup): Markup =>
  html`<section class="card">
    <h2>${title}</h2>
    ${inside}
  </section>`;

function tables(report: RunReport): Markup {
  const { phases, refusals, verdicts, settings } = report;
  const rows = phases.map((one) => [
    one.phase,
    number(one.objects),
    number(one.failed),
    number(one.requests),
    one.seconds.toFixed(1),
    (one.seconds > 0 ? one.requests / one.seconds : 0).toFixed(0),
    number(one.retries),
    Object.entries(one.statuses)
      .map(([status, count]) => `${status}: ${number(count)}`)
      .join(', '),
  ]);
  const refused = refusals.map(({ count, status, request, about, detail }) => [
    number(count),
    String(status),
    request,
    about,
    detail,
  ]);
  const different = verdicts.flatMap(({ witness, first }) => first.map((one) => [witness, differenceInWords(one)]));
  return html`${card('Phases', table(['phase', 'objects', 'failed', 'requests', 'seconds', 'req/s', 'retries', 'answers'], rows, 6))}
  ${refused.length > 0 ? card('What the server refused, in its own words', table(['times', 'status', 'request', 'such as', 'detail'], refused, 0)) : ''}
  ${different.length > 0 ? card('Differences', table(['seen by', 'what'], different, 0)) : ''}
  ${card('Settings', html`<code>${JSON.stringify(settings)}</code>`)}`;
}

/** The columns after the first are numbers, so many of them. */
const table = (head: readonly string[], rows: readonly (readonly string[])[], numbers: number): Markup => {
  const kind = (column: number) => (column > 0 && column <= numbers ? 'n' : '');
  return html`<table>
    <thead>
      <tr>
        ${head.map((cell, n) => html`<th class="${kind(n)}">${cell}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map((cell, n) => html`<td class="${kind(n)}">${cell}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
};
