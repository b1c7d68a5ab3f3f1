// Plays studies for the tests of the page, and opens their pages in a browser.
import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';

const root = new URL('../..', import.meta.url).pathname;
const program = process.env.TRUSTFALL ?? join(root, 'build/release/trustfall');
const shots = join(root, 'build/page-shots');
mkdirSync(shots, {recursive: true});

export const folder = mkdtempSync(join(tmpdir(), 'trustfall-page-'));
process.on('exit', () => rmSync(folder, {recursive: true, force: true}));

function make(verb, name, scenario, more) {
  const out = join(folder, name);
  execFileSync(program, [verb, scenario.startsWith('/') ? scenario : join(root, 'scenarios', scenario), '--quiet', '--out', out, ...more]);
  return {file: join(out, 'page.html'), summary: JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'))};
}

/** Plays a scenario; gives the page's file and what summary.json says. */
export const play = (name, scenario, ...more) => make('run', name, scenario, more);

/** The same, under every strategy of the scenario. */
export const compare = (name, scenario, ...more) => make('compare', name, scenario, more);

/** Writes a file into the tests' folder and gives its path. */
export function write(name, text) {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

export const sizes = [
  {width: 1280, height: 720},
  {width: 390, height: 844},
];

export const launch = () => chromium.launch({executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu']});

/** Opens a page and notes what should not happen: errors, dialogues, requests for anything but the file itself. */
export async function open(browser, file, viewport, scheme = 'light') {
  const context = await browser.newContext({viewport, colorScheme: scheme});
  const page = await context.newPage();
  const faults = [];
  const url = pathToFileURL(file).href;
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => faults.push(`dialogue: ${dialog.message()}`) && dialog.dismiss());
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) faults.push(`request: ${request.url().slice(0, 200)}`);
  });
  await page.goto(url);
  await page.waitForSelector('.headline');
  return {page, faults, close: () => context.close()};
}

export const view = (page, name) => page.click(`#tab-${name}`);

export const shot = (page, name) => page.screenshot({path: join(shots, `${name}.png`)});
