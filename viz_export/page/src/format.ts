import {data} from './data';

const whole = new Intl.NumberFormat('en-GB', {maximumFractionDigits: 0});
const fine = new Intl.NumberFormat('en-GB', {maximumSignificantDigits: 3});

/** 1234567 as 1,234,567; small measures with three digits; a dash for what did not occur. */
export function count(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  return Number.isInteger(value) || Math.abs(value) >= 100 ? whole.format(value) : fine.format(value);
}

/** A share as a percentage; what is nearly all or nearly nothing is not rounded to all or nothing. */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return 'under 0.1\u00a0%';
  if (share < 1 && share > 0.999) return 'over 99.9\u00a0%';
  const digits = (share > 0 && share < 0.01) || (share > 0.99 && share < 1) ? 1 : 0;
  return `${(share * 100).toFixed(digits)}\u00a0%`;
}

/** The labels of an axis, all in the same unit, so that they stay narrow: 160000 as 160k. */
export function ticks(values: number[]): string[] {
  const most = Math.max(...values);
  const [unit, sign] = most >= 1e7 ? [1e6, 'M'] : most >= 1e5 ? [1e3, 'k'] : [1, ''];
  return values.map((value) => fine.format(value / unit) + (value === 0 ? '' : sign));
}

/** The start's offset from UTC in minutes, from its text: the zone of the reader's machine plays no part. */
function offset(start: string): number {
  const found = /([+-])(\d\d):?(\d\d)$/.exec(start);
  return found ? (found[1] === '-' ? -1 : 1) * (60 * +found[2]! + +found[3]!) : 0;
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number) => String(n).padStart(2, '0');

/** The scenario's clock, in its own zone: Fri 12 May 2017, 14:35 BST. No date where the start counts as another day. */
export function clock(hours: number): string {
  const {start, time_zone} = data.manifest;
  const minutes = Math.round(hours * 60) + offset(start);
  const at = new Date(Date.parse(start) + minutes * 60_000);
  if (Number.isNaN(at.getTime())) return elapsed(hours);
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())} ${time_zone}`;
  const weekday = data.manifest.resolved_scenario?.weekday;
  if (weekday) {
    const first = new Date(Date.parse(start) + offset(start) * 60_000).getUTCDay();
    const counted = days.findIndex((name) => weekday.startsWith(name.toLowerCase()));
    return `${days[(at.getUTCDay() - first + counted + 7) % 7]}, ${time}`;
  }
  return `${days[at.getUTCDay()]} ${at.getUTCDate()} ${months[at.getUTCMonth()]} ${at.getUTCFullYear()}, ${time}`;
}

/** Since the start: T+06:35. */
export function elapsed(hours: number): string {
  const minutes = Math.round(hours * 60);
  return `T+${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** A round step of about a `parts`-th of the range. */
export function roundStep(range: number, parts: number): number {
  const rough = range / parts;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= rough)!;
}

export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
