import { autocompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  StreamLanguage,
  syntaxHighlighting,
} from '@codemirror/language';
import { toml } from '@codemirror/legacy-modes/mode/toml';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Extension, type Text } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { FileProblem } from '../../src/load/problem.ts';
import type { GatewayFormat } from '../../src/load/read-gateway-file.ts';
import { optionNames } from './option-names.ts';

/** The editor of a gateway's file. */
export interface Editor {
  show(text: string, format: GatewayFormat): void;
  /** Marks problems where they are. */
  mark(problems: readonly FileProblem[]): void;
  /** Moves the cursor to a problem. */
  goTo(problem: FileProblem): void;
  end(): void;
}

const languages: Readonly<Record<GatewayFormat, () => Extension>> = {
  yaml,
  json,
  toml: () => StreamLanguage.define(toml),
};

// Colours of the page, so that they follow its dark mode.
const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--code-key)' },
  { tag: [tags.string, tags.content], color: 'var(--code-text)' },
  { tag: [tags.number, tags.bool, tags.atom, tags.null], color: 'var(--code-number)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--faint)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator, tags.bracket, tags.brace], color: 'var(--soft)' },
]);

/** Creates the editor in an element. */
export function createEditor(
  parent: HTMLElement,
  text: string,
  format: GatewayFormat,
  onChange: (text: string) => void,
): Editor {
  const language = new Compartment();
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        indentOnInput(),
        bracketMatching(),
        autocompletion({ override: [optionNames], icons: false }),
        syntaxHighlighting(colours),
        // Tab leaves the editor: who uses the keyboard has to get out of it.
        keymap.of([...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': 'The gateway', tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString());
        }),
        language.of(languages[format]()),
      ],
    }),
  });
  return {
    show(next, nextFormat) {
      const isSame = view.state.doc.toString() === next;
      view.dispatch({
        ...(!isSame && { changes: { from: 0, to: view.state.doc.length, insert: next } }),
        effects: language.reconfigure(languages[nextFormat]()),
      });
    },
    mark(problems) {
      view.dispatch(
        setDiagnostics(
          view.state,
          problems.map((each) => diagnosticOf(each, view.state.doc)),
        ),
      );
    },
    goTo(problem) {
      const { from, to } = diagnosticOf(problem, view.state.doc);
      view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true });
      view.focus();
    },
    end: () => view.destroy(),
  };
}

/** A problem as the editor marks it: the word at its position, or the last character of a line that has none there. */
function diagnosticOf({ message, position }: FileProblem, text: Text): Diagnostic {
  const line = text.line(Math.min(position?.line ?? 1, text.lines));
  const from = Math.min(line.from + (position ? position.column - 1 : 0), line.to);
  const [word = ''] = /^"(?:[^"\\]|\\.)*"?|^[^\s,:=\]}]+/.exec(line.text.slice(from - line.from)) ?? [];
  const to = Math.max(from + word.length, Math.min(from + 1, line.to));
  return { from: from === to ? Math.max(line.from, from - 1) : from, to, severity: 'error', message };
}
