import { clean } from '../clean.ts';
import type { Explained } from '../explained.ts';
import type { Box } from './boxes.ts';
import { dollars } from './dollars.ts';
import { calledText } from './rows.ts';
import { escapeHtml } from './svg.ts';

/** What is said about a request, besides its picture. */
export interface Answer extends Pick<Explained, 'refused' | 'destination' | 'remedy' | 'reasons'> {
  readonly root: Box;
  readonly notes: readonly string[];
  /** How a real call ended, on stand-ins for the models. */
  readonly outcome?: { readonly ok: boolean; readonly text: string };
}

const text = (said: string): string => escapeHtml(clean(said));

/** Where a request would go, in sentences. */
export function sentencesHtml({ refused, destination, remedy, reasons, notes, outcome }: Answer): string {
  const sentences = [...reasons, ...notes.map((note) => `Note: ${note}`)];
  return [
    `<p class="destination${refused ? ' refused' : ''}">${text(destination)}</p>`,
    ...(outcome ? [`<p class="outcome${outcome.ok ? '' : ' refused'}">${text(outcome.text)}</p>`] : []),
    ...(remedy ? [`<p class="remedy">${text(remedy)}</p>`] : []),
    ...(sentences.length > 0
      ? [`<ul class="reasons">${sentences.map((each) => `<li>${text(each)}</li>`).join('')}</ul>`]
      : []),
  ].join('\n');
}

/** All that the picture shows, as a table. */
export function tableHtml({ root }: Pick<Answer, 'root'>): string {
  const rows = rowsOf(root);
  const hasCosts = rows.some(({ box }) => box.cost !== undefined);
  const head = ['called', 'candidate', 'needs', 'holds', ...(hasCosts ? ['costs at most'] : []), 'verdict'];
  return [
    // Reached with the keyboard, since it may be scrolled.
    '<div class="table" role="region" aria-label="Candidates" tabindex="0"><table>',
    `<thead><tr>${head.map((each) => `<th scope="col">${each}</th>`).join('')}</tr></thead><tbody>`,
    ...rows.map(({ box, depth }) => rowHtml(box, depth, hasCosts)),
    '</tbody></table></div>',
  ].join('\n');
}

/** Everything below the root, which is what was asked for; the root itself if it is a single model. */
function rowsOf(root: Box): { readonly box: Box; readonly depth: number }[] {
  const inside = (box: Box, depth: number): ReturnType<typeof rowsOf> =>
    box.members.flatMap((member) => [{ box: member, depth }, ...inside(member, depth + 1)]);
  return root.members.length === 0 ? [{ box: root, depth: 0 }] : inside(root, 0);
}

function rowHtml(box: Box, depth: number, hasCosts: boolean): string {
  const { name, kind, state, edge, size, cost, verdict } = box;
  const about = [...(kind === 'model' ? [] : [kind]), ...(edge ? [edge] : [])];
  const holds = size && (size.holds === null ? 'any size' : number(size.holds));
  const needs = size && `${size.atLeast ? '≥ ' : ''}${number(size.need)}`;
  return [
    `<tr class="${state}"><td>${text(calledText(box))}</td>`,
    `<th scope="row" style="--depth:${depth}">${text(name)}`,
    about.length > 0 ? ` <span class="about">${text(about.join(', '))}</span>` : '',
    `</th><td class="number">${needs ?? ''}</td><td class="number">${holds ?? ''}</td>`,
    hasCosts ? `<td class="number">${cost === undefined ? '' : dollars(cost)}</td>` : '',
    `<td class="verdict">${text(verdict)}</td></tr>`,
  ].join('');
}

const number = (tokens: number): string => tokens.toLocaleString('en-US');
