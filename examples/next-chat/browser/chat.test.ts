import { chromium, devices, type Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { install, start, type Running } from '../start.ts';
import { ChatPage } from './chat-page.ts';

let running: Running;
let browser: Browser;
let chat: ChatPage;

beforeAll(async () => {
  install();
  // A cooldown would outlive its test, as it should.
  running = await start({ port: 0, environment: { COOLDOWN_MS: '1' } });
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
});

afterAll(async () => {
  await browser?.close();
  await running?.close();
});

beforeEach(async () => {
  chat = await ChatPage.open(browser, running.url);
});

afterEach(async () => {
  await chat.close();
  if (chat.errors.length > 0) throw new Error(chat.errors.join('\n'));
});

const report = 'The numbers of the last quarter are better than expected. '.repeat(350);

describe('an answer', () => {
  it('comes from the smallest model, which its badge says, with tokens and cost', async () => {
    const answer = await chat.ask('Hello!');
    expect(await answer.innerText()).toContain('I am the small model');
    expect(await chat.badge(answer)).toMatch(/^Small\s+the first that fits\s+\d+ tokens · free\n.*✓ Small/s);
    expect(await chat.status.innerText()).toMatch(/^Answer by Small: I am the small model/);
    await chat.screenshot('answer');
  });

  it('of a tool loop has a step for each call', async () => {
    await chat.button(/Use a tool/).click();
    const answer = await chat.answered(1);
    const text = await answer.innerText();
    expect(text).toMatch(/weather\(\{"city":"Lisbon"\}\) → \d+ °C/);
    expect(text).toMatch(/That is what the tool says: .* and .*/);
    expect((await chat.badge(answer)).match(/✓ Small/g)).toHaveLength(2);
    await chat.screenshot('tool-loop');
  });

  it('about an image comes from the model for images, by a rule', async () => {
    await chat.button(/Add a picture/).click();
    await chat.page.getByRole('img', { name: 'hills.png' }).waitFor();
    await chat.button('Send').click();
    const answer = await chat.answered(1);
    expect(await chat.badge(answer)).toMatch(/^Vision\s+rule “images”/);
    await chat.screenshot('image');
  });
});

describe('a conversation that grows', () => {
  it('moves to a larger model once it has outgrown its own, and stays there, also over a reload', async () => {
    await chat.ask('Hello!');
    const larger = await chat.ask(report);
    const badge = await chat.badge(larger);
    expect(badge).toMatch(/^Medium\s+the conversation has outgrown its model\s+passed over Small/);
    expect(badge).toMatch(/✕ Small too small: [\d,]+ of 4,096 tokens/);
    await chat.screenshot('escalation');
    await chat.page.reload();
    await chat.answers.nth(1).waitFor();
    expect(await chat.answers.nth(1).locator('.badge').innerText()).toContain('Medium');
    const next = await chat.ask('And now?');
    expect(await chat.badge(next)).toMatch(/^Medium\s+this conversation’s model/);
  });

  it('shows on the meter how much of the windows it needs, before it is sent', async () => {
    const meter = chat.page.getByRole('meter', { name: 'Context' });
    expect(await meter.getAttribute('aria-valuetext')).toBe('empty');
    await chat.box.fill(report);
    await expect.poll(() => meter.getAttribute('aria-valuetext')).toMatch(/^[\d,]+ tokens, goes to Medium$/);
  });
});

describe('an outage', () => {
  it('of the chosen model lets another stand in, and the badge says why', async () => {
    await chat.modelSwitch('Small').focus();
    await chat.page.keyboard.press('Space');
    expect(await chat.modelSwitch('Small').getAttribute('aria-checked')).toBe('false');
    const answer = await chat.ask('Hello!');
    const badge = await chat.badge(answer);
    expect(badge).toMatch(/^Medium\s+stands in for a model that failed\s+passed over Small/);
    expect(badge).toMatch(/✕ Small failed: server-error \(HTTP 503\)/);
    expect(badge).toMatch(/\$0\.\d+/);
    await chat.page.getByText('Next: Small, which is down.').waitFor();
    await chat.screenshot('outage');
  });

  it('of all models says which failed, and can be tried again', async () => {
    for (const name of ['Small', 'Medium', 'Large']) await chat.modelSwitch(name).click();
    await chat.say('Hello!');
    await chat.alert.waitFor();
    expect(await chat.alert.innerText()).toMatch(/No answer.*Small failed.*Medium failed.*Large failed/s);
    await chat.screenshot('all-down');
    await chat.modelSwitch('Large').click();
    await chat.button('Try again').click();
    expect(await (await chat.answered(1)).innerText()).toContain('I am the large model');
    expect(await chat.alert.count()).toBe(0);
  });

  it('of the model for images hands no image to a model that can’t see it', async () => {
    await chat.modelSwitch('Vision').click();
    await chat.button(/Add a picture/).click();
    await chat.button('Send').click();
    await chat.alert.waitFor();
    expect(await chat.alert.innerText()).toMatch(/No answer.*Vision failed: server-error \(HTTP 503\)/s);
    expect(await chat.answers.count()).toBe(0);
  });
});

describe('a paste that is too large for every model', () => {
  it('is refused before anything is sent, with what to do about it', async () => {
    await chat.button(/Paste a book/).click();
    const meter = chat.page.getByRole('meter', { name: 'Context' });
    await expect.poll(() => meter.getAttribute('aria-valuetext')).toMatch(/^too large by [\d,]+ tokens$/);
    await chat.button('Send').click();
    await chat.alert.waitFor();
    expect(await chat.alert.innerText()).toMatch(
      /Too large for every model\s+This needs about [\d,]+ tokens\. Large, the largest, holds 65,536, so nothing was sent/,
    );
    await chat.screenshot('refusal');
    await chat.button('Keep the beginning that fits').click();
    expect(await chat.alert.count()).toBe(0);
    await chat.button('Send').click();
    expect(await (await chat.answered(1)).innerText()).toContain('I am the large model');
  });

  it('can be taken back', async () => {
    await chat.button(/Paste a book/).click();
    await chat.button('Send').click();
    await chat.button('Remove it').click();
    expect(await chat.box.inputValue()).toBe('');
    await chat.heading.waitFor();
  });
});

describe('an answer in mid-stream', () => {
  it('is stopped with Escape, and the conversation goes on', async () => {
    await chat.say('Tell me a long story.');
    await chat.page.getByText('Night 1.').waitFor();
    await chat.page.keyboard.press('Escape');
    await chat.page.getByText('Stopped before the end.').waitFor();
    const length = (await chat.answers.first().innerText()).length;
    expect(length).toBeLessThan(4000);
    await chat.screenshot('stopped');
    expect(await (await chat.ask('Hello!')).innerText()).toContain('I am the small model');
    const after = await chat.answers.first().innerText();
    expect(after.length).toBe(length);
  });
});

describe('two tabs', () => {
  it('at once have a conversation each', async () => {
    const other = new ChatPage(await chat.page.context().newPage());
    await other.page.goto(running.url);
    await other.heading.waitFor();
    const [one, two] = await Promise.all([chat.ask('Hello!'), other.ask(report)]);
    expect(await one.innerText()).toContain('I am the small model');
    expect(await two.innerText()).toContain('I am the medium model');
    expect([await chat.answers.count(), await other.answers.count()]).toEqual([1, 1]);
    expect(other.errors).toEqual([]);
  });
});

describe.each([
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['phone', { ...devices['iPhone 13'], colorScheme: 'light' }],
  ['phone-dark', { ...devices['iPhone 13'], colorScheme: 'dark' }],
] as const)('%s', (name, { defaultBrowserType: _, ...options }: { defaultBrowserType?: string } & object) => {
  it('is accessible and fits the screen, from the first message to a refusal', async () => {
    const own = await ChatPage.open(browser, running.url, { ...options, reducedMotion: 'reduce' });
    const check = async (state: string): Promise<void> => {
      await own.screenshot(`${name}-${state}`);
      expect(await own.violations()).toEqual([]);
      const [inner, outer] = await own.page.evaluate(() => [
        document.documentElement.scrollWidth,
        innerWidth,
      ]);
      expect(inner).toBeLessThanOrEqual(outer!);
      const box = (await own.box.boundingBox())!;
      expect(box.y + box.height).toBeLessThanOrEqual(own.page.viewportSize()!.height);
    };
    await check('start');
    await own.ask('What’s the weather in Lisbon and in Oslo?');
    await own.modelSwitch('Medium').click();
    await own.badge(await own.ask(report));
    await check('conversation');
    await own.box.fill(report.repeat(16));
    await own.button('Send').click();
    await own.alert.waitFor();
    await check('refusal');
    expect(own.errors).toEqual([]);
    await own.close();
  });
});

describe('with the keyboard and a screen reader', () => {
  it('the page has landmarks, and everything on it has a name', async () => {
    await chat.ask('Hello!');
    const tree = await chat.page.locator('body').ariaSnapshot();
    for (const line of [
      'banner:',
      'main:',
      'complementary "Models and context"',
      'meter "Context"',
      'switch "Small is up" [checked]',
      'log "Conversation"',
      'article "You"',
      'article "Answer"',
      'textbox "Message"',
      'button "Add an image"',
      'button "Send" [disabled]',
      'status:',
    ]) {
      expect(tree).toContain(line);
    }
  });

  it('the first Tab leads to a link to the message box', async () => {
    await chat.page.keyboard.press('Tab');
    await chat.page.keyboard.press('Enter');
    await expect.poll(() => chat.box.evaluate((box) => box === document.activeElement)).toBe(true);
  });
});
