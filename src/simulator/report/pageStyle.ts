// How the page of a report looks, on paper too.

export const STYLE = `
:root { color-scheme: light dark; --ink: #1b2430; --soft: #5d6b7a; --line: #e3e8ee; --paper: #f6f8fa; --card: #fff;
  --blue: #2563eb; --blue2: #93b4f8; --blue3: #d6e3fd; --good: #15803d; --goodpaper: #e7f6ec; --bad: #b91c1c; --badpaper: #fdecec; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf1; --soft: #9aa7b5; --line: #2c3644; --paper: #10161e; --card: #18212c;
  --blue: #6ea0ff; --blue2: #3d64b5; --blue3: #263d6b; --good: #4ade80; --goodpaper: #12301f; --bad: #f87171; --badpaper: #3a1618; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 26px; margin: 0 0 2px; } h2 { font-size: 16px; margin: 0 0 12px; }
.soft { color: var(--soft); } .small { font-size: 13px; }
.verdict { margin: 20px 0; padding: 18px 22px; border-radius: 12px; font-size: 19px; font-weight: 600; }
.verdict p { margin: 4px 0 0; font-size: 14px; font-weight: 400; }
.good { background: var(--goodpaper); color: var(--good); } .bad.verdict { background: var(--badpaper); color: var(--bad); }
.unknown { background: var(--blue3); color: var(--ink); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; }
.tile, .card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 14px 18px; }
.tile b { display: block; font-size: 25px; line-height: 1.2; font-variant-numeric: tabular-nums; }
.card { margin-top: 16px; overflow-x: auto; }
svg { width: 100%; height: auto; display: block; } svg text { font-size: 12px; fill: var(--soft); }
.grid { stroke: var(--line); } .area { fill: var(--blue3); } .line { fill: none; stroke: var(--blue); stroke-width: 1.8; }
.mark { stroke: var(--good); stroke-dasharray: 5 4; } svg .marked { fill: var(--good); }
.bar { fill: var(--blue); } .bar.bad { fill: var(--bad); }
.span0 { fill: var(--blue3); } .span1 { fill: var(--blue2); } .span2 { fill: var(--blue); }
table { width: 100%; border-collapse: collapse; font-size: 13.5px; font-variant-numeric: tabular-nums; }
th { text-align: left; color: var(--soft); font-weight: 500; } th, td { padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 0; } td.n, th.n { text-align: right; white-space: nowrap; }
.n + :not(.n) { padding-left: 10px; } td:last-child { min-width: 180px; }
code { font: 12.5px ui-monospace, monospace; overflow-wrap: anywhere; }
@media (max-width: 600px) { main { padding: 20px 12px 40px; } .card { padding: 14px 12px; } svg text { font-size: 21px; } }
@media print { body { background: #fff; } .card, .tile { break-inside: avoid; } }
`;
