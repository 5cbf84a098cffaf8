// `ai-alloy/local`: what a server of one's own says about itself. Needs no package.
export { askContextWindow, type AskContextWindowOptions } from './ask-context-window.ts';
