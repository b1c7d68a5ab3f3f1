import {data, shown} from './data';
import type {Film, State} from './film';
import {states} from './film';
import {colour} from './format';

const {map} = data;

/** The map on a canvas: a cached picture of what is untouched, and over it only the places that changed. */
export class Picture {
  private readonly context: CanvasRenderingContext2D;
  private readonly base = document.createElement('canvas');
  private scale = 1;
  private colours = {} as Record<State, string>;

  constructor(private readonly canvas: HTMLCanvasElement) {
    this.context = canvas.getContext('2d')!;
  }

  /** Fits the map into a box, in CSS pixels, and draws all of it. */
  fit(width: number, height: number, film: Film) {
    const density = window.devicePixelRatio || 1;
    const scale = Math.min(width / map.width, height / map.height);
    this.scale = scale * density;
    for (const canvas of [this.canvas, this.base]) {
      canvas.width = Math.ceil(map.width * this.scale);
      canvas.height = Math.ceil(map.height * this.scale);
    }
    this.canvas.style.width = `${map.width * scale}px`;
    this.canvas.style.height = `${map.height * scale}px`;
    for (const state of states) this.colours[state] = colour(state);
    this.drawBase(density);
    this.all(film);
  }

  all(film: Film) {
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.context.drawImage(this.base, 0, 0);
    for (let place = 0; place < map.hosts.length; ++place)
      if (film.state(place) !== 'untouched') this.place(place, film);
  }

  some(places: Iterable<number>, film: Film) {
    for (const place of places) this.place(place, film);
  }

  /** The place under a point of the canvas, in CSS pixels; undefined when there is none nearby. */
  find(x: number, y: number): number | undefined {
    const toMap = map.width / this.canvas.clientWidth;
    let best: number | undefined;
    let nearest = 6 * toMap;
    for (let place = 0; place < map.hosts.length; ++place) {
      const [px, py, radius] = this.disc(place, 1);
      const distance = Math.hypot(x * toMap - px, y * toMap - py) - radius;
      if (distance < nearest) (best = place), (nearest = distance);
    }
    return best;
  }

  private disc(place: number, scale = this.scale): [number, number, number] {
    const {discs} = map;
    return [discs[3 * place]! * scale, discs[3 * place + 1]! * scale, discs[3 * place + 2]! * scale];
  }

  private drawBase(density: number) {
    const context = this.base.getContext('2d')!;
    context.strokeStyle = colour('line');
    context.lineWidth = 0.5 * density;
    context.beginPath();
    for (const [from, to] of map.links) {
      const [ax, ay] = this.disc(from), [bx, by] = this.disc(to);
      context.moveTo(ax, ay);
      context.lineTo(bx, by);
    }
    context.stroke();
    for (let place = 0; place < map.hosts.length; ++place) this.round(context, place, this.colours.untouched);
    this.drawLabels(context, density);
  }

  private drawLabels(context: CanvasRenderingContext2D, density: number) {
    const size = Math.max(11 * density, 13 * this.scale);
    context.fillStyle = colour('ink');
    context.font = `${size}px system-ui, sans-serif`;
    context.textBaseline = 'middle';
    // A label that would run into the next one is left out; the pointer still tells the name.
    const columns = map.labels.filter((label) => label.column);
    const room = columns.length > 1 ? (columns[1]!.x - columns[0]!.x) * this.scale : Infinity;
    const fits = columns.every(({text}) => context.measureText(shown(text)).width < room);
    for (const {x, y, text, column} of map.labels) {
      if (column && !fits) continue;
      context.textAlign = column ? 'center' : 'right';
      context.fillText(shown(text), x * this.scale, y * this.scale, column ? undefined : x * this.scale);
    }
  }

  private round(context: CanvasRenderingContext2D, place: number, fill: string) {
    const [x, y, radius] = this.disc(place);
    context.fillStyle = fill;
    context.beginPath();
    context.arc(x, y, Math.max(0.6, radius), 0, 2 * Math.PI);
    context.fill();
  }

  /** A small disc has the colour of its worst host; a large one is cut like a cake. */
  private place(place: number, film: Film) {
    const [x, y, radius] = this.disc(place);
    if (radius < 8 * (window.devicePixelRatio || 1)) return this.round(this.context, place, this.colours[film.state(place)]);
    this.round(this.context, place, this.colours.untouched);
    const hosts = map.hosts[place]!;
    let from = -Math.PI / 2;
    const parts = [
      ['encrypted', film.encrypted[place]!],
      ['infected', film.infected[place]!],
      ['restored', film.restored[place]!],
    ] as const;
    for (const [state, count] of parts) {
      if (count <= 0) continue;
      const to = from + (2 * Math.PI * count) / hosts;
      this.context.fillStyle = this.colours[state];
      this.context.beginPath();
      this.context.moveTo(x, y);
      this.context.arc(x, y, radius, from, to);
      this.context.fill();
      from = to;
    }
  }
}
