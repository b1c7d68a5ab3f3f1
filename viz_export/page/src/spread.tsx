import {useEffect, useRef, useState} from 'preact/hooks';
import uPlot from 'uplot';
import {Comparison} from './comparison';
import {data, horizon} from './data';
import {clock, colour, count, elapsed, percent, ticks} from './format';
import {useScheme, useWidth} from './hooks';

const hours = Array.from({length: data.samples}, (_, i) => i * data.sample_hours);

/** The curves of one series: the quantiles from the outside in, then single plays. */
function curves(strategy: number, series: number, singles: boolean): number[][] {
  const {fans, singles: kept} = data.strategies[strategy]!;
  return [...fans[series]!, ...(singles ? kept.map((single) => single.curves[series]!) : [])];
}

function options(width: number, unit: string, lines: number): uPlot.Options {
  const ink = colour('quiet'), grid = {stroke: colour('line'), width: 1};
  const axis = {stroke: ink, grid, ticks: grid, font: '13px system-ui', labelFont: '13px system-ui', labelSize: 22};
  const edge = {stroke: 'transparent', points: {show: false}};
  return {
    width,
    height: Math.max(260, Math.min(420, window.innerHeight - 330)),
    legend: {show: false},
    cursor: {drag: {x: false, y: false}, points: {show: false}, y: false},
    scales: {x: {time: false}, y: {range: (_u, _low, high) => [0, Math.max(1, high * 1.05)]}},
    axes: [
      {...axis, label: 'hours since the start', size: 34, values: (_u, at) => ticks(at)},
      {...axis, label: unit, size: 56, values: (_u, at) => ticks(at)},
    ],
    series: [
      {},
      edge,
      edge,
      {stroke: colour('accent'), width: 2.5, points: {show: false}},
      edge,
      edge,
      ...Array.from({length: lines}, () => ({stroke: ink, width: 1, dash: [4, 3], points: {show: false}})),
    ],
    bands: [
      {series: [5, 1], fill: colour('band-wide')},
      {series: [4, 2], fill: colour('band-narrow')},
    ],
  };
}

/** A fan of quantiles with single plays on top; the hour under the pointer is told to `onHour`. */
function Fan({strategy, series, singles, hour, onHour}: {
  strategy: number;
  series: number;
  singles: boolean;
  hour: number;
  onHour: (sample: number) => void;
}) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const plot = useRef<uPlot>();
  const dark = useScheme();
  useEffect(() => {
    if (width === 0) return;
    const lines = curves(strategy, series, singles);
    const made = new uPlot(options(width, data.series[series]!.unit, lines.length - 5), [hours, ...lines], ref.current!);
    made.over.addEventListener('pointermove', () => {
      if (typeof made.cursor.idx === 'number') onHour(made.cursor.idx);
    });
    plot.current = made;
    return () => made.destroy();
  }, [width, strategy, series, singles, dark]);
  useEffect(() => {
    const at = plot.current?.valToPos(hours[hour]!, 'x');
    if (at !== undefined) plot.current!.setCursor({left: at, top: 0}, false);
  }, [hour, width, strategy, series, singles, dark]);
  return <div ref={ref} class="fan" />;
}

export function Spread({strategy}: {strategy: number}) {
  const [series, setSeries] = useState(0);
  const [singles, setSingles] = useState(true);
  const [hour, setHour] = useState(Math.floor(data.samples / 4));
  const fan = data.strategies[strategy]!.fans[series]!;
  const {name, meaning, unit} = data.series[series]!;
  const [q05, q25, q50, q75, q95] = fan.map((quantile) => count(quantile[hour]));
  return (
    <>
      <div class="row">
        <div class="choice" role="group" aria-label="Curve">
          {data.series.map((info, i) => (
            <button aria-pressed={i === series} onClick={() => setSeries(i)}>
              {info.name.replaceAll('_', ' ')}
            </button>
          ))}
        </div>
        <label>
          <input type="checkbox" checked={singles} onChange={(e) => setSingles(e.currentTarget.checked)} /> single plays
        </label>
      </div>
      <p class="quiet">
        {meaning} <span class="key median" /> median <span class="key narrow" /> half of the plays{' '}
        <span class="key wide" /> nine in ten{' '}
        {singles && (
          <>
            <span class="key single" /> single plays (
            {data.strategies[strategy]!.singles.map(({percentile}) => percent(percentile)).join(', ')})
          </>
        )}
      </p>
      <Fan strategy={strategy} series={series} singles={singles} hour={hour} onHour={setHour} />
      <label class="reading">
        <input
          type="range"
          min={0}
          max={data.samples - 1}
          value={hour}
          aria-label="Hour to read off"
          aria-valuetext={elapsed(hours[hour]!)}
          onInput={(e) => setHour(+e.currentTarget.value)}
        />
        <span>
          {clock(hours[hour]!)} ({elapsed(hours[hour]!)} of {count(horizon)} h): median{' '}
          <b data-series={`${name}.q50`}>{q50}</b> {unit}, half of the plays {q25} to {q75}, nine in ten {q05} to {q95}
        </span>
      </label>
      {data.strategies.length > 1 && <Comparison />}
    </>
  );
}
