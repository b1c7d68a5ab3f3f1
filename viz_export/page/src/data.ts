/** What the program writes into the page (viz_export/page_data.cpp). */

export interface Info {
  name: string;
  unit: string;
  meaning: string;
}

/** The spread of a metric over the plays in which it occurs, as in summary.json. */
export interface Summary {
  unit: string;
  share_occurring: number;
  mean: number | null;
  q05: number | null;
  q25: number | null;
  q50: number | null;
  q75: number | null;
  q95: number | null;
}
export type Quantile = 'q05' | 'q25' | 'q50' | 'q75' | 'q95';

export interface Single {
  percentile: number;
  replicate: number;
  code: string;
  curves: number[][]; // [series][sample]
}

export interface PlaybackData {
  percentile: number;
  replicate: number;
  bin_hours: number;
  events: string; // base 64, see encode_playback
}

export interface Strategy {
  name: string;
  dots: Record<string, number[]>; // by metric: twenty plays, ascending
  plays_above_zero: Record<string, number>; // by metric
  half_back_hours: number | null; // by when half of the infected hosts are back in service
  most_back_hours: number | null; // nine in ten
  fans: number[][][]; // [series][quantile][sample]
  singles: Single[];
  playbacks: PlaybackData[];
}

export interface Difference {
  pairs: number;
  mean: number | null;
  low: number | null;
  high: number | null;
  chance_better: number;
  chance_equal: number;
  settled: boolean;
  more_replicates: number | null; // null: no number would do
}

export interface PlaceMap {
  groups: boolean; // places are networks at sites of one organisation, else organisations
  width: number;
  height: number;
  pseudonyms: boolean;
  names: string[]; // by place
  hosts: number[]; // by place
  discs: number[]; // x, y, radius by place
  labels: {x: number; y: number; text: string; column: boolean}[];
  links: [number, number][];
  kinds: Record<string, number>; // organisations of each kind
}

export interface Manifest {
  scenario: string;
  start: string;
  time_zone: string;
  seed: string;
  hosts: number;
  organisations: number;
  trustfall: string;
  engine: string;
  compiler: string;
  settings: string[];
  inputs: {name: string; sha256: string}[];
  resolved_sha256: string;
  resolved_scenario: {description?: string; weekday?: string; ledger?: {path: string; source: string}[]} | null;
}

export interface StrategySummary {
  name: string;
  replicates: number;
  metrics: Record<string, Summary>;
  replays: {percentile: number; replicate: number; code: string}[];
}

export interface Data {
  summary: {scenario: string; seed: string; replicates: number; strategies: StrategySummary[]};
  metrics: Info[];
  series: Info[];
  samples: number;
  sample_hours: number;
  strategies: Strategy[];
  differences: Record<string, Difference>[]; // by strategy; empty when there is only one
  map: PlaceMap;
  manifest: Manifest;
}

export const data: Data = JSON.parse(document.getElementById('data')!.textContent!);

/** How long a play lasts, in hours. */
export const horizon = Math.max(0, data.samples - 1) * data.sample_hours;

export const several = !data.map.groups && data.manifest.organisations > 1;

/** A strategy's name, as the reader should see it. */
export const shown = (name: string) => name.replaceAll('_', ' ');
