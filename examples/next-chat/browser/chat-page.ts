import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';

const screenshots = new URL('../screenshots/', import.meta.url);
const axe = createRequire(import.meta.url).resolve('axe-core');

/** A tab with the chat, as a person uses it: by what is written on it, and with the keyboard. */
export class ChatPage {
  /** What the page wrote to its console as an error, or threw. */
  readonly errors: string[] = [];

  constructor(readonly page: Page) {
    page.on('pageerror', ({ message }) => this.errors.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
  }

  /** Opens the chat in a new context, that is, as another person. */
  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<ChatPage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const chat = new ChatPage(await context.newPage());
    await chat.page.goto(url);
    await chat.heading.waitFor();
    return chat;
  }

  get heading(): Locator {
    return this.page.getByRole('heading', { name: 'Which model will answer?' });
  }

  get box(): Locator {
    return this.page.getByRole('textbox', { name: 'Message' });
  }

  get answers(): Locator {
    return this.page.getByRole('article', { name: 'Answer' });
  }

  get alert(): Locator {
    return this.page.getByRole('alert').filter({ has: this.page.getByRole('heading') });
  }

  /** What a screen reader was told last. */
  get status(): Locator {
    return this.page.getByRole('status');
  }

  modelSwitch(name: string): Locator {
    return this.page.getByRole('switch', { name: `${name} is up` });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  /** Writes a message with the keyboard, and sends it with Enter. */
  async say(text: string): Promise<void> {
    await this.box.focus();
    await this.page.keyboard.insertText(text);
    await this.page.keyboard.press('Enter');
  }

  /** Sends a message, and waits for the whole answer. */
  async ask(text: string): Promise<Locator> {
    const before = await this.answers.count();
    await this.say(text);
    return this.answered(before + 1);
  }

  /** Waits until there are so many whole answers. Returns the last. */
  async answered(count: number): Promise<Locator> {
    const answer = this.answers.nth(count - 1);
    await answer.locator('.badge').waitFor();
    await this.button('Send').waitFor();
    return answer;
  }

  /** The lines of an answer's badge, opened with the keyboard. */
  async badge(answer: Locator): Promise<string> {
    const summary = answer.locator('.badge > summary');
    await summary.focus();
    await this.page.keyboard.press('Enter');
    await answer.locator('.badge[open] ol').waitFor();
    return answer.locator('.badge').innerText();
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    await this.page.screenshot({ path: new URL(`${name}.png`, screenshots).pathname });
  }

  /** What axe finds wrong: the rule, and where. */
  async violations(): Promise<string[]> {
    await this.page.addScriptTag({ path: axe });
    return this.page.evaluate(async () => {
      const { axe: tester } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
      const { violations } = await tester.run();
      return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
    });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly target: readonly string[] }[];
  }[];
}
