// `ai-alloy/local`: asks local servers for their context window. Needs no other package.
export { askContextWindow, type AskContextWindowOptions } from './ask-context-window.ts';
