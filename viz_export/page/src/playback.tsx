import {useEffect, useMemo, useRef, useState} from 'preact/hooks';
import {data} from './data';
import {Film, type State} from './film';
import {clock, colour, count, elapsed, percent} from './format';
import {useScheme, useWidth} from './hooks';
import {Picture} from './picture';

const placeWord = data.map.groups ? 'network' : 'organisation';
const aPlace = data.map.groups ? 'a network' : 'an organisation';

/** A play takes this long at single speed, in seconds. */
const wholePlay = 40;

/** How far a play has come, bin by bin, from 0 to 1: where much happens it goes slower, though it never stands still. */
function pace(film: Film, even: boolean): Float64Array {
  const steps = new Float64Array(film.bins + 1);
  let busy = 0;
  for (let bin = 1; bin <= film.bins; ++bin) busy += Math.sqrt(film.activity[bin]!);
  for (let bin = 1; bin <= film.bins; ++bin) {
    const evenly = 1 / film.bins;
    const share = even || busy === 0 ? evenly : 0.35 * evenly + (0.65 * Math.sqrt(film.activity[bin]!)) / busy;
    steps[bin] = steps[bin - 1]! + share;
  }
  return steps;
}

/** Hosts newly infected, encrypted or restored, over the time line. */
function Activity({film, width, dark}: {film: Film; width: number; dark: boolean}) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current!;
    const density = window.devicePixelRatio || 1;
    canvas.width = width * density;
    canvas.height = 28 * density;
    const context = canvas.getContext('2d')!;
    context.fillStyle = colour('quiet');
    const columns = new Float64Array(canvas.width);
    for (let bin = 0; bin <= film.bins; ++bin) {
      const column = Math.min(columns.length - 1, Math.floor((bin / film.bins) * columns.length));
      columns[column]! += film.activity[bin]!;
    }
    const most = Math.max(1, ...columns);
    // Square roots, so that the quiet hours are seen beside the first ones.
    columns.forEach((events, x) => {
      const height = Math.sqrt(events / most) * canvas.height;
      context.fillRect(x, canvas.height - height, 1, height);
    });
  }, [film, width, dark]);
  return <canvas ref={ref} class="activity" aria-hidden="true" />;
}

function Counters({film}: {film: Film}) {
  const places: Record<State, number> = {untouched: 0, infected: 0, encrypted: 0, restored: 0};
  const hosts: Record<State, number> = {untouched: data.manifest.hosts, infected: 0, encrypted: 0, restored: 0};
  for (let place = 0; place < data.map.hosts.length; ++place) {
    ++places[film.state(place)];
    hosts.infected += film.infected[place]!;
    hosts.encrypted += film.encrypted[place]!;
    hosts.restored += film.restored[place]!;
  }
  hosts.untouched -= hosts.infected + hosts.encrypted + hosts.restored;
  return (
    <table class="counters">
      <thead>
        <tr>
          <th />
          <th>hosts</th>
          <th>{placeWord}s</th>
        </tr>
      </thead>
      <tbody>
        {(['untouched', 'infected', 'encrypted', 'restored'] as const).map((state) => (
          <tr>
            <th scope="row">
              <span class={`swatch ${state}`} /> {state}
            </th>
            <td data-hosts={state}>{count(hosts[state])}</td>
            <td>{count(places[state])}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">ever infected</th>
          <td data-total="infected">{count(film.totals.infected)}</td>
          <td />
        </tr>
        <tr>
          <th scope="row">ever encrypted</th>
          <td data-total="encrypted">{count(film.totals.encrypted)}</td>
          <td />
        </tr>
      </tfoot>
    </table>
  );
}

function describe(film: Film, place: number): string {
  const parts = [
    [film.infected[place]!, 'infected'],
    [film.encrypted[place]!, 'encrypted'],
    [film.restored[place]!, 'restored'],
  ] as const;
  const hit = parts.filter(([n]) => n > 0).map(([n, what]) => `${count(n)} ${what}`);
  return `${data.map.names[place]}: ${count(data.map.hosts[place])} hosts, ${hit.join(', ') || 'untouched'}`;
}

export function Playback({strategy}: {strategy: number}) {
  const {playbacks} = data.strategies[strategy]!;
  const [which, setWhich] = useState(0);
  const source = playbacks[which];
  if (!source) return <p>These results hold no play event by event.</p>;
  return (
    <>
      <div class="choice" role="group" aria-label="Play">
        {playbacks.map(({percentile}, i) => (
          <button aria-pressed={i === which} onClick={() => setWhich(i)}>
            {percentile === 0.5 ? 'Median play' : `${percent(percentile)} play`}
          </button>
        ))}
      </div>
      <Player key={`${strategy} ${which}`} film={useMemo(() => new Film(source), [source])} />
    </>
  );
}

function Player({film}: {film: Film}) {
  const [box, boxWidth] = useWidth<HTMLDivElement>();
  const [line, lineWidth] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const picture = useRef<Picture>();
  const [bin, setBin] = useState(film.bin);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  const [even, setEven] = useState(false);
  const [pointed, setPointed] = useState<number>();
  const dark = useScheme();
  const steps = useMemo(() => pace(film, even), [film, even]);
  const hours = bin * film.source.bin_hours;

  const go = (to: number) => {
    const changed = film.wind(Math.max(0, Math.min(film.bins, to)));
    changed ? picture.current?.some(changed, film) : picture.current?.all(film);
    setBin(film.bin);
  };
  useEffect(() => {
    if (boxWidth === 0) return;
    picture.current ??= new Picture(canvas.current!);
    picture.current.fit(boxWidth, box.current!.clientHeight, film);
  }, [boxWidth, dark, film]);
  useEffect(() => {
    if (!playing) return;
    if (film.bin === film.bins) go(0);
    let progress = steps[film.bin]!;
    let last = performance.now();
    let frame = requestAnimationFrame(function draw(now) {
      progress += (Math.max(0, now - last) / 1000 / wholePlay) * speed;
      last = now;
      let to = film.bin;
      while (to < film.bins && steps[to + 1]! <= progress) ++to;
      if (to !== film.bin) go(to);
      if (to === film.bins) setPlaying(false);
      else frame = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(frame);
  }, [playing, speed, steps, film]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== ' ' || target.closest('button, select, input:not([type=range])')) return;
      event.preventDefault();
      setPlaying((was) => !was);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  return (
    <div class="player">
      <div class="map" ref={box}>
        <canvas
          ref={canvas}
          role="img"
          aria-label={`Map of the ${placeWord}s; the table beside it counts them`}
          onPointerMove={(e) => setPointed(picture.current?.find(e.offsetX, e.offsetY))}
          onPointerLeave={() => setPointed(undefined)}
        />
      </div>
      <div class="side">
        <p class="clock" aria-live="off">
          {clock(hours)}
          <span class="quiet">{elapsed(hours)}</span>
        </p>
        <Counters film={film} />
        <p class="quiet pointed">
          {pointed === undefined
            ? `Point at ${aPlace} to see its name. It has the state of its worst host; large discs are divided by hosts.`
            : describe(film, pointed)}
        </p>
      </div>
      <div class="controls">
        <button class="play" onClick={() => setPlaying(!playing)}>
          {playing ? 'Pause' : 'Play'}
        </button>
        <div class="line" ref={line}>
          <Activity film={film} width={lineWidth} dark={dark} />
          <input
            type="range"
            min={0}
            max={film.bins}
            value={bin}
            aria-label="Time"
            aria-valuetext={clock(hours)}
            onInput={(e) => {
              setPlaying(false);
              go(+e.currentTarget.value);
            }}
          />
        </div>
        <label>
          Speed{' '}
          <select value={speed} onChange={(e) => setSpeed(+e.currentTarget.value)}>
            {[0.5, 1, 2, 4].map((times) => (
              <option value={times}>{times}×</option>
            ))}
          </select>
        </label>
        <label>
          <input type="checkbox" checked={!even} onChange={(e) => setEven(!e.currentTarget.checked)} /> slower where much
          happens
        </label>
      </div>
    </div>
  );
}
