// The page in a browser: node --test tests/page/, after npm ci in this folder. The program is build/release/trustfall,
// or what TRUSTFALL says; pictures go to build/page-shots.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {after, test} from 'node:test';
import {statSync} from 'node:fs';
import {compare, launch, open, play, shot, sizes, view, write} from './study.mjs';

const browser = await launch();
const hospital = play('hospital', 'district-hospital.yaml', '--replicates', '60', '--seed', '7');
after(() => browser.close());

const grouped = new Intl.NumberFormat('en-GB', {maximumFractionDigits: 0});

/** Nothing sticks out to the side. */
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);

for (const size of sizes)
  for (const scheme of ['light', 'dark'])
    test(`Every view renders at ${size.width} by ${size.height}, ${scheme}, without an error or a request`, async () => {
      const {page, faults, close} = await open(browser, hospital.file, size, scheme);
      const expected = {brief: 'svg .dot', spread: '.fan canvas', playback: '.map canvas', ledger: 'pre'};
      for (const [name, sign] of Object.entries(expected)) {
        await view(page, name);
        await page.waitForSelector(sign, {state: 'attached'});
        assert.ok(await fits(page), `${name} is wider than the window`);
        if (name === 'playback')
          await page.locator('input[aria-label=Time]').evaluate((range) => {
            range.value = String(Math.round(range.max / 4));
            range.dispatchEvent(new Event('input', {bubbles: true}));
          });
        await shot(page, `hospital-${name}-${size.width}-${scheme}`);
      }
      assert.deepEqual(faults, []);
      await close();
    });

test('The figures on the page are those of summary.json', async () => {
  const {page, close} = await open(browser, hospital.file, sizes[0]);
  const figures = await page.$$eval('data[data-of]', (all) => all.map((one) => [one.dataset.of, one.value, one.textContent]));
  assert.ok(figures.length >= 12, `${figures.length} figures`);
  for (const [of, value, text] of figures) {
    const [metric, stat] = of.split('.');
    const expected = hospital.summary.strategies[0].metrics[metric][stat];
    assert.equal(value, String(expected), of);
    if (Number.isInteger(expected)) assert.equal(text, grouped.format(expected), of);
  }
  await close();
});

test('The first screen says the scenario, the answer, the dots and both groups of bars', async () => {
  for (const size of sizes) {
    const {page, close} = await open(browser, hospital.file, size);
    const below = await page.evaluate((height) => {
      const parts = ['h1', '.sentence', 'svg', ...(window.innerWidth > 760 ? ['.bars', '.bars + .bars'] : [])];
      return parts.filter((part) => document.querySelector(part).getBoundingClientRect().bottom > height);
    }, size.height);
    assert.deepEqual(below, []);
    assert.equal(await page.locator('svg circle').count(), 20);
    await close();
  }
});

test('The fan ends where summary.json says', async () => {
  const {page, close} = await open(browser, hospital.file, sizes[0]);
  await view(page, 'spread');
  await page.focus('input[aria-label="Hour to read off"]');
  await page.keyboard.press('End');
  const expected = hospital.summary.strategies[0].metrics.hosts_infected.q50;
  assert.equal(await page.textContent('[data-series="hosts_infected.q50"]'), grouped.format(expected));
  await close();
});

test('Strategies are compared as summary.json compares them, at both sizes', async () => {
  const {file, summary} = compare('strategies', 'district-hospital.yaml', '--replicates', '60', '--seed', '7');
  for (const size of sizes) {
    const {page, faults, close} = await open(browser, file, size);
    const middle = await page.textContent('.others');
    for (const {name, metrics} of summary.strategies.slice(1))
      assert.ok(middle.includes(`${grouped.format(metrics.hosts_encrypted.q50)} with ${name}`), middle);
    await shot(page, `strategies-brief-${size.width}`);
    await view(page, 'spread');
    const rows = await page.$$eval('.comparison tbody:first-of-type tr:not(.metric)', (all) =>
      all.map((row) => [...row.cells].map((cell) => cell.textContent)),
    );
    assert.equal(rows.length, summary.strategies.length);
    rows.forEach(([name, , median, difference, verdict], s) => {
      const {metrics, against_first} = summary.strategies[s];
      assert.equal(name, summary.strategies[s].name);
      assert.ok(median.startsWith(`${grouped.format(metrics.hosts_infected.q50)} (`), median);
      if (s === 0) return;
      const {mean_difference, chance_better} = against_first.hosts_infected;
      if (name === 'copies off line') return assert.deepEqual([difference, verdict], ['0 (0 to 0)', 'the same in every play']);
      assert.ok(Math.abs(mean_difference) > 100);
      const sign = mean_difference < 0 ? '\u2212' : '+';
      assert.ok(difference.startsWith(`${sign}${grouped.format(Math.round(Math.abs(mean_difference)))} (`), difference);
      assert.ok(verdict.startsWith('settled; better in '), verdict);
      assert.ok(Math.abs(parseFloat(verdict.match(/[\d.]+/)[0]) - 100 * chance_better) <= 0.5, verdict);
    });
    assert.ok(await fits(page), 'the comparison makes the page wider than the window');
    await page.locator('.comparison').scrollIntoViewIfNeeded();
    await shot(page, `strategies-spread-${size.width}`);
    assert.deepEqual(faults, []);
    await close();
  }
});

/** What the counters say, and how the map looks. */
async function state(page) {
  const picture = createHash('sha256').update(await page.locator('.map canvas').screenshot()).digest('hex');
  return {
    clock: await page.textContent('.clock'),
    untouched: await page.textContent('[data-hosts=untouched]'),
    ever: await page.textContent('[data-total=infected]'),
    picture,
  };
}

test('A start that counts as another day of the week has that day and no date', async () => {
  const monday = play('monday', 'district-hospital.yaml', '--replicates', '5', '--seed', '7', '--set', 'weekday=monday');
  const {page, faults, close} = await open(browser, monday.file, sizes[0]);
  await view(page, 'playback');
  assert.match(await page.textContent('.clock'), /^Mon, 08:00 GMT/);
  await page.focus('input[aria-label=Time]');
  await page.keyboard.press('End');
  assert.match(await page.textContent('.clock'), /^Thu, 08:00 GMT/);
  assert.deepEqual(faults, []);
  await close();
});

test('Playback reaches the end with the figures of its play, and winds back to the start', async () => {
  const {page, faults, close} = await open(browser, hospital.file, sizes[0]);
  await view(page, 'playback');
  const start = await state(page);
  await page.selectOption('.controls select', '4');
  await page.locator('.play').focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('input[aria-label=Time]').value === document.querySelector('input[aria-label=Time]').max, null, {timeout: 60000});
  assert.equal(await page.textContent('.play'), 'Play');
  const expected = hospital.summary.strategies[0].metrics;
  const end = await state(page);
  assert.equal(end.ever, grouped.format(expected.hosts_infected.q50));
  await page.focus('input[aria-label=Time]');
  await page.keyboard.press('Home');
  assert.deepEqual(await state(page), start);
  // Jumped to, the end has the same counters as when it was played; small edges may differ where discs were painted over.
  await page.keyboard.press('End');
  const jumped = await state(page);
  assert.deepEqual({...jumped, picture: ''}, {...end, picture: ''});
  assert.notEqual(jumped.picture, start.picture);
  assert.deepEqual(faults, []);
  await close();
});

test('Playback is worked by the keyboard: space, arrows, Home and End', async () => {
  const {page, close} = await open(browser, hospital.file, sizes[0]);
  await page.focus('#tab-brief');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.getAttribute('#tab-playback', 'aria-selected'), 'true');
  const range = page.locator('input[aria-label=Time]');
  await range.focus();
  await page.keyboard.press('ArrowRight');
  assert.equal(await range.inputValue(), '1');
  await page.keyboard.press(' ');
  assert.equal(await page.textContent('.play'), 'Pause');
  await page.keyboard.press(' ');
  assert.equal(await page.textContent('.play'), 'Play');
  await page.keyboard.press('End');
  assert.equal(await range.inputValue(), await range.getAttribute('max'));
  await close();
});

test('Names are shown as written, whatever they hold', async () => {
  const name = `</script><script>alert(1)</script> & "quoted" 'single' <b>bold</b> \u{1F3E5} &lt; \u2028`;
  const description = '<!--<script> </style> ${x} {{x}} @TRUSTFALL_DATA@';
  const network = '</script><b>"x"</b> \u{1F3E5}';
  const quoted = JSON.stringify(name);
  const hostile = write(
    'hostile.yaml',
    `name: ${quoted}
description: ${JSON.stringify(description)}
start: 2024-02-01T08:00:00Z
horizon: 12h
estate:
  zones:
    lan: {pool: everyone, addresses: 4000}
  organisations:
    firm:
      kind: company
      list: firms.csv
      networks:
        ${JSON.stringify(network)}: {hosts: 60, devices: {workstation: 100%}}
  systems:
    workstation: {windows_7: 100%}
worm:
  attempts: {lan: 200/h}
  chances:
    windows_7: {infect: {value: 50%, source: ${quoted}}}
entries:
  first:
    hosts: {count: 3, at: +0s}
`,
  );
  const field = `"${name.replaceAll('"', '""')}"`;
  write('firms.csv', `code,name,class,region,community,latitude,longitude,size\nA,${field},firm,x,,52,-1,1\nB,=1+1,firm,x,,52,-1,1\n`);
  const {file} = play('hostile', hostile, '--replicates', '20', '--seed', '1', '--real-names');
  const {page, faults, close} = await open(browser, file, sizes[1]);
  assert.equal(await page.textContent('h1'), name);
  const spaced = (text) => text.replace(/\s/g, ' '); // browsers may make a line break in a title a space
  assert.equal(spaced(await page.title()), spaced(`${name} – Trustfall`));
  assert.equal(await page.textContent('.description'), description);
  await view(page, 'ledger');
  assert.ok((await page.textContent('tbody')).includes(name), 'the source is not in the ledger');
  await view(page, 'playback');
  const box = await page.locator('.map canvas').boundingBox();
  const seen = new Set();
  for (let y = 2; y < box.height; y += 6) {
    await page.mouse.move(box.x + box.width / 2, box.y + y);
    seen.add(await page.textContent('.pointed'));
  }
  assert.ok([...seen].some((text) => text.startsWith(`${name}: 60 hosts`)), [...seen].join('\n'));
  assert.ok(await fits(page), 'a long name makes the page wider than the window');
  await shot(page, 'hostile-playback-390');
  assert.deepEqual(faults, []);
  await close();
});

/** Milliseconds between frames while something plays. */
const frames = (page, seconds) =>
  page.evaluate(
    (time) =>
      new Promise((resolve) => {
        const gaps = [];
        let last = performance.now();
        const until = last + time * 1000;
        requestAnimationFrame(function next(now) {
          gaps.push(now - last);
          last = now;
          now < until ? requestAnimationFrame(next) : resolve(gaps.slice(1).sort((a, b) => a - b));
        });
      }),
    seconds,
  );

test('The page of the NHS is small, soon there, and moves', async (t) => {
  const nhs = play('nhs', 'nhs-2017.yaml', '--replicates', '10');
  const megabytes = statSync(nhs.file).size / 1e6;
  assert.ok(megabytes < 6, `${megabytes} MB`);
  const started = performance.now();
  const {page, faults, close} = await open(browser, nhs.file, sizes[0]);
  const first = performance.now() - started;
  for (const name of ['brief', 'spread', 'playback']) {
    await view(page, name);
    await page.waitForTimeout(300);
    await shot(page, `nhs-${name}-1280`);
  }
  await page.click('.play');
  await page.waitForTimeout(2000);
  const gaps = await frames(page, 6);
  await shot(page, 'nhs-playing-1280');
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  t.diagnostic(`${megabytes.toFixed(2)} MB; first view after ${first.toFixed(0)} ms; ${(1000 / mean).toFixed(0)} frames a second, 95 % within ${gaps[Math.floor(gaps.length * 0.95)].toFixed(0)} ms`);
  assert.ok(first < 10000, `first view after ${first} ms`);
  assert.ok(1000 / mean > 5, `${1000 / mean} frames a second`);
  assert.deepEqual(faults, []);
  await close();
});
