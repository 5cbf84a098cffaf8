const light = `--ink: #1c2030; --soft: #5a6072; --faint: #676c7e; --frame: #c9cedb; --ground: #ffffff; --paper: #f6f7fa;
  --track: #e4e7ee; --accent: #3b53d4; --accent-soft: #e6eafc; --good: #15803d; --bad: #b42318; --bad-soft: #fdecea;
  --dispatcher: #7c4ddb; --cascade: #2f7fd6; --alloy: #0d9488; --model: #9aa2b5;`;

const dark = `--ink: #e9ebf3; --soft: #a8aec0; --faint: #9aa0b3; --frame: #3d4356; --ground: #1d202b; --paper: #15171f;
  --track: #343a4c; --accent: #93a5ff; --accent-soft: #2a3153; --good: #5fd08a; --bad: #ff9d92; --bad-soft: #43201d;
  --dispatcher: #a98bf0; --cascade: #6ab0f3; --alloy: #3cc5b4; --model: #7d859b;`;

/** The colours, as variables of an element. In dark mode it matches `darkSelector`, or the system's setting counts. */
export const coloursOf = (element: string, darkSelector?: string): string =>
  `${element} { ${light} }\n${darkSelector ? `${darkSelector} { ${dark} }` : `@media (prefers-color-scheme: dark) { ${element} { ${dark} } }`}`;

/** The style of pictures and answers, on the colours of `coloursOf`. */
export const pictureStyle = `
.picture { display: block; max-width: 100%; height: auto; font: 11.5px/1.3 system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif; }
.picture .frame { fill: var(--ground); stroke: var(--frame); stroke-width: 1.2; }
.picture .kind { fill: var(--model); }
.picture .dispatcher > .kind { fill: var(--dispatcher); }
.picture .cascade > .kind { fill: var(--cascade); }
.picture .alloy > .kind { fill: var(--alloy); }
.picture text { fill: var(--soft); }
.picture text.name { fill: var(--ink); font: 600 13px ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
.picture .foot { font-weight: 600; }
.picture tspan.yes { fill: var(--good); font-weight: 700; }
.picture tspan.no, .picture tspan.not-asked { fill: var(--faint); }
.picture .track { fill: var(--track); }
.picture .fill { fill: var(--accent); }
.picture .fill.over { fill: var(--bad); }
.picture rect.edge { fill: var(--paper); stroke: var(--frame); }
.picture rect.called { fill: var(--accent-soft); stroke: var(--accent); }
.picture text.called { fill: var(--accent); font-weight: 600; }
.picture .line { fill: none; stroke: var(--frame); stroke-width: 1.5; }
.picture .line.first, .picture .line.later { stroke: var(--accent); }
.picture .line.first { stroke-width: 3; }
.picture .line.later, .picture .line.skipped, .picture .line.unused { stroke-dasharray: 5 4; }
.picture .line.answered { stroke: var(--good); stroke-width: 3; }
.picture .line.failed { stroke: var(--bad); stroke-width: 2; }
.picture .first > .frame, .picture .later > .frame { stroke: var(--accent); }
.picture .first > .frame { stroke-width: 2.2; }
.picture .answered > .frame { stroke: var(--good); stroke-width: 2.2; }
.picture .failed > .frame { stroke: var(--bad); stroke-width: 1.8; }
.picture .first > .foot { fill: var(--accent); }
.picture .answered > .foot { fill: var(--good); }
.picture .failed > .foot, .picture .skipped > .foot { fill: var(--bad); }
.picture .skipped > .frame, .picture .unused > .frame { fill: var(--paper); stroke-dasharray: 5 4; }
.picture .skipped > text.name, .picture .unused > text.name { fill: var(--faint); }
.picture .skipped > .kind, .picture .unused > .kind { opacity: .5; }
.picture .unused > .fill { opacity: .4; }
.answer { color: var(--ink); font: 15px/1.55 system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif; }
.answer .destination { margin: 0; font-size: 1.12em; font-weight: 650; color: var(--accent); overflow-wrap: anywhere; }
.answer .outcome { margin: .3em 0 0; font-weight: 600; color: var(--good); overflow-wrap: anywhere; }
.answer .destination.refused, .answer .outcome.refused { color: var(--bad); }
.answer .remedy { margin: .35em 0 0; }
.answer .reasons { margin: .5em 0 0; padding-left: 1.2em; list-style: disc; color: var(--soft); font-size: .93em; overflow-wrap: anywhere; }
.answer .table { overflow-x: auto; }
.answer .table:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.answer table { display: table; width: 100%; margin: 0; border-collapse: collapse; font-size: .87em; }
.answer tr, .answer th, .answer td { background: none; border: 0; }
.answer thead th { color: var(--faint); font-weight: 500; }
.answer th, .answer td { padding: .38em .7em .38em 0; text-align: left; vertical-align: top; white-space: nowrap; color: inherit; font-size: inherit; }
.answer tbody tr { border-top: 1px solid var(--frame); }
.answer tbody th { padding-left: calc(var(--depth) * 1.2em); font: 600 .95em ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
.answer th .about { font: 400 .9em system-ui, sans-serif; color: var(--faint); white-space: normal; overflow-wrap: anywhere; }
.answer .number { font-variant-numeric: tabular-nums; }
.answer tr.skipped, .answer tr.unused { color: var(--faint); }
.answer tr.skipped .verdict, .answer tr.failed .verdict { color: var(--bad); }
.answer tr.first .verdict, .answer tr.first td:first-child { color: var(--accent); font-weight: 600; }
.answer tr.answered .verdict { color: var(--good); font-weight: 600; }
.drawing { container-type: inline-size; }
@container (max-width: 640px) { .picture.across { display: none; } }
@container (min-width: 640.1px) { .picture.down { display: none; } }
`;
