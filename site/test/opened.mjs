/** The playground, with its first answer and the editor. */
export async function open(context, url, hash = '') {
  const page = await context.newPage();
  await page.goto(`${url}/playground${hash}`);
  await page.locator('.answer .table').waitFor();
  await page.locator('.cm-content').waitFor();
  return page;
}

/** What the page says where the request goes. */
export const answerOf = (page) => page.locator('.answer .destination').innerText();

/** The rows of the table, by candidate: when it is called, and the verdict. */
export async function rowsOf(page) {
  const rows = await page.locator('.answer tbody tr').all();
  return Promise.all(
    rows.map(async (row) => ({
      called: (await row.locator('td').first().innerText()).trim(),
      candidate: (await row.locator('th').innerText()).trim(),
      verdict: (await row.locator('.verdict').innerText()).trim(),
    })),
  );
}

/** Replaces the text in the editor, as a paste does. */
export async function replaceText(page, text) {
  await page.locator('.cm-content').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.evaluate((pasted) => {
    const data = new DataTransfer();
    data.setData('text/plain', pasted);
    document
      .querySelector('.cm-content')
      .dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}
