import {data, horizon, type PlaybackData} from './data';

/** Kinds of event, as encode_playback numbers them. */
export const kinds = {infected: 0, encrypted: 1, restored_infected: 2, restored_encrypted: 3} as const;

/** States of a host, and of a place: that of its worst host. */
export const states = ['untouched', 'infected', 'encrypted', 'restored'] as const;
export type State = (typeof states)[number];

function bytesOf(text: string): Uint8Array {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; ++i) bytes[i] = raw.charCodeAt(i);
  return bytes;
}

/** One replicate, to be wound forwards and backwards: how many hosts of each place are in which state. */
export class Film {
  readonly bins: number;
  readonly activity: Float64Array; // events by bin, 0 to bins
  /** Now, by place: infected and not yet encrypted; encrypted; restored. */
  readonly infected: Int32Array;
  readonly encrypted: Int32Array;
  readonly restored: Int32Array;
  /** So far. */
  totals = {infected: 0, encrypted: 0, restored: 0};
  bin = -1;

  private readonly first: Int32Array; // by bin: its first event
  private readonly place: number[] = [];
  private readonly kind: number[] = [];
  private readonly count: number[] = [];

  constructor(readonly source: PlaybackData) {
    this.bins = Math.max(1, Math.ceil(horizon / source.bin_hours - 1e-9));
    const places = data.map.hosts.length;
    this.infected = new Int32Array(places);
    this.encrypted = new Int32Array(places);
    this.restored = new Int32Array(places);
    this.first = new Int32Array(this.bins + 2);
    this.activity = new Float64Array(this.bins + 1);
    this.decode(bytesOf(source.events));
    this.wind(0);
  }

  private decode(bytes: Uint8Array) {
    let at = 0;
    const next = () => {
      let value = 0;
      for (let scale = 1; ; scale *= 128) {
        const byte = bytes[at++]!;
        value += (byte & 127) * scale;
        if (byte < 128) return value;
      }
    };
    let bin = -1;
    const starts: [number, number][] = [];
    while (at < bytes.length) {
      bin = Math.min(bin + next(), this.bins);
      starts.push([bin, this.place.length]);
      let place = 0;
      for (let entries = next(); entries > 0; --entries) {
        place += next();
        const code = next();
        this.place.push(place);
        this.kind.push(code % 4);
        this.count.push(Math.floor(code / 4) + 1);
        this.activity[bin]! += Math.floor(code / 4) + 1;
      }
    }
    // From the last to the first, so that a bin without events begins where the next one does.
    this.first.fill(this.place.length);
    for (const [of, from] of starts.reverse()) this.first[of] = from;
    for (let b = this.bins; b >= 0; --b) this.first[b] = Math.min(this.first[b]!, this.first[b + 1]!);
  }

  /** Goes to a bin and returns the places that changed; undefined when it went back, and all may have. */
  wind(to: number): Set<number> | undefined {
    const back = to < this.bin;
    if (back) {
      for (const column of [this.infected, this.encrypted, this.restored]) column.fill(0);
      this.totals = {infected: 0, encrypted: 0, restored: 0};
      this.bin = -1;
    }
    const changed = new Set<number>();
    for (let i = this.first[this.bin + 1]!; i < this.first[to + 1]!; ++i) {
      this.apply(this.place[i]!, this.kind[i]!, this.count[i]!);
      changed.add(this.place[i]!);
    }
    this.bin = to;
    return back ? undefined : changed;
  }

  private apply(place: number, kind: number, count: number) {
    const {infected, encrypted, restored, totals} = this;
    if (kind === kinds.infected) {
      infected[place]! += count;
      totals.infected += count;
    } else if (kind === kinds.encrypted) {
      infected[place]! -= count;
      encrypted[place]! += count;
      totals.encrypted += count;
    } else {
      (kind === kinds.restored_infected ? infected : encrypted)[place]! -= count;
      restored[place]! += count;
      totals.restored += count;
    }
  }

  state(place: number): State {
    if (this.encrypted[place]! > 0) return 'encrypted';
    if (this.infected[place]! > 0) return 'infected';
    return this.restored[place]! > 0 ? 'restored' : 'untouched';
  }
}
