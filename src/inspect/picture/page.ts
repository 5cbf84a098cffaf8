import { clean } from '../clean.ts';
import { type Answer, sentencesHtml, tableHtml } from './answer.ts';
import { coloursOf, pictureStyle } from './style.ts';
import { escapeHtml, svgOf } from './svg.ts';

/** What a page is about. */
export interface PageContents extends Answer {
  /** `dispatcher "smart": first-fit` */
  readonly title: string;
  /** The file that declares the gateway. */
  readonly file: string;
}

/** A self-contained page: the picture, and in words where a request would go. It loads nothing, and has no script. */
export function pageOf({ title, file, ...answer }: PageContents): string {
  const heading = escapeHtml(clean(title));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${heading}</title>
<style>
${coloursOf(':root')}
body { margin: 0; background: var(--paper); color: var(--ink); }
main { max-width: 1180px; margin: 0 auto; padding: 28px 20px 48px; }
h1 { margin: 0 0 2px; font: 650 20px/1.35 system-ui, 'Segoe UI', Roboto, Arial, 'Liberation Sans', sans-serif; overflow-wrap: anywhere; }
.file { margin: 0 0 18px; color: var(--soft); font: 13px/1.4 system-ui, sans-serif; overflow-wrap: anywhere; }
.card, .drawing { margin: 0 0 14px; border: 1px solid var(--frame); border-radius: 12px; }
.card { background: var(--ground); padding: 14px 18px; }
.drawing { padding: 6px; overflow-x: auto; }
.drawing svg { margin: 0 auto; }
${pictureStyle}</style>
</head>
<body>
<main>
<h1>${heading}</h1>
<p class="file">${escapeHtml(clean(file))}</p>
<div class="answer card">
${sentencesHtml(answer)}
</div>
<div class="drawing">
${svgOf(answer.root, 'across')}
${svgOf(answer.root, 'down')}
</div>
<div class="answer card">
${tableHtml(answer)}
</div>
</main>
</body>
</html>
`;
}
