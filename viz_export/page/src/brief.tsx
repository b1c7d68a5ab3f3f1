import type {ComponentChildren} from 'preact';
import {data, horizon, several, shown, type Quantile} from './data';
import {clock, count, percent, roundStep, ticks} from './format';
import {useWidth} from './hooks';

interface Props {
  strategy: number;
}

/** A figure that stands in summary.json under the same name. */
function Figure({s, metric, stat = 'q50'}: {s: number; metric: string; stat?: Quantile | 'mean'}) {
  const value = data.summary.strategies[s]!.metrics[metric]![stat];
  return (
    <data value={String(value)} data-of={`${metric}.${stat}`}>
      {count(value)}
    </data>
  );
}

const tiers = [
  {id: 'terminals', name: 'Terminals'},
  {id: 'servers', name: 'Servers'},
  {id: 'data_centre', name: 'Data centre'},
  {id: 'medical_devices', name: 'Medical devices'},
];

/** Organisations from which on they are counted, and not the hosts. */
const enoughToCount = 10;

/** What a strategy came to, as far as the brief asks. */
function figures(s: number) {
  const {metrics, replicates} = data.summary.strategies[s]!;
  const above = (metric: string) => data.strategies[s]!.plays_above_zero[metric] ?? 0;
  const encrypts = above('hosts_encrypted') > 0;
  const headline = data.manifest.organisations >= enoughToCount
    ? encrypts ? 'organisations_locked_out' : 'organisations_infected'
    : encrypts ? 'hosts_encrypted' : 'hosts_infected';
  const mean = (metric: string) => metrics[metric]?.mean ?? 0;
  return {metrics, plays: replicates, above, encrypts, headline, mean};
}

const counted: Record<string, {one: string; of: number; verb: string}> = {
  organisations_locked_out: {one: 'organisation', of: data.manifest.organisations, verb: 'locked out'},
  organisations_infected: {one: 'organisation', of: data.manifest.organisations, verb: 'infected'},
  hosts_encrypted: {one: 'host', of: data.manifest.hosts, verb: 'encrypted'},
  hosts_infected: {one: 'host', of: data.manifest.hosts, verb: 'infected'},
};

/** What the same metric comes to in the middle future of each other strategy. */
function Others({strategy, metric}: Props & {metric: string}) {
  const others = data.strategies.map((_, s) => s).filter((s) => s !== strategy);
  if (others.length === 0) return null;
  return (
    <p class="others">
      In the middle future:{' '}
      {others.map((s, i) => (
        <>
          {i > 0 && ', '}
          <b>
            <Figure s={s} metric={metric} />
          </b>{' '}
          with {shown(data.strategies[s]!.name)}
        </>
      ))}
      .
    </p>
  );
}

function Headline({strategy}: Props) {
  const {headline, above, plays, metrics} = figures(strategy);
  const dots = data.strategies[strategy]!.dots[headline]!;
  const {one, of, verb} = counted[headline]!;
  const hit = dots.filter((value) => value > 0).length;
  const alike = dots[0] === dots[dots.length - 1];
  const many = hit === dots.length ? 'In every one' : hit === 0 ? 'In none' : `In ${hit}`;
  return (
    <div class="headline">
      <p class="sentence">
        {many} of {dots.length} futures {hit === 0 ? 'is' : 'at least'} one {one}{' '}
        {hit === 0 ? verb : `is ${verb}`}
        {hit > 0 && (
          <>
            ; {alike ? 'all' : 'half of all'} futures have <Figure s={strategy} metric={headline} />
            {alike ? '' : ' or more'} of {count(of)}
          </>
        )}
        .
      </p>
      <p class="quiet">
        {hit > 0 && !alike && (
          <>
            One in twenty has <Figure s={strategy} metric={headline} stat="q95" /> or more, one in twenty{' '}
            <Figure s={strategy} metric={headline} stat="q05" />
            {metrics[headline]!.q05 === 0 ? '' : ' or fewer'}.{' '}
          </>
        )}
        At least one {one} was {verb} in {count(above(headline))} of {count(plays)} plays.
      </p>
      <Others strategy={strategy} metric={headline} />
    </div>
  );
}

/** Dots in piles by value, from 0 to `top`, as large as leaves room for the highest pile. */
function pile(dots: number[], top: number, width: number) {
  for (let radius = width < 420 ? 8 : 13; ; --radius) {
    const columns = Math.max(1, Math.floor((width - 2 * radius - 22) / (2 * radius + 2)));
    const piles = new Map<number, number[]>();
    for (const value of dots) {
      const column = Math.min(columns - 1, Math.floor((value / top) * columns));
      piles.set(column, [...(piles.get(column) ?? []), value]);
    }
    const highest = Math.max(0, ...[...piles.values()].map((values) => values.length));
    if (highest * (2 * radius + 2) <= 250 || radius <= 4) return {radius, columns, piles};
  }
}

/** Twenty futures as dots on a scale: a quantile dot plot (Kay et al., CHI 2016). */
function Dots({strategy}: Props) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const {headline} = figures(strategy);
  const dots = data.strategies[strategy]!.dots[headline]!;
  const {one, verb} = counted[headline]!;
  const most = Math.max(1, dots[dots.length - 1] ?? 1);
  const step = roundStep(most, width < 420 ? 3 : 5);
  const top = Math.ceil(most / step) * step;
  const {radius, columns, piles} = pile(dots, top, width);
  const left = radius + 6, right = radius + 16;
  const base = Math.max(0, ...[...piles.values()].map((values) => values.length)) * (2 * radius + 2) + 4;
  const x = (value: number) => left + (value / top) * (width - left - right);
  const marks = Array.from({length: Math.round(top / step) + 1}, (_, i) => i * step);
  return (
    <figure ref={ref}>
      <figcaption>
        Twenty futures: <span class="quiet">{one}s {verb} in each</span>
      </figcaption>
      {width > 0 && (
        <svg width={width} height={base + 26} role="img" aria-label={`${one}s ${verb} in twenty futures: ${dots.map(count).join(', ')}`}>
          <line class="axis" x1={left} x2={width - right} y1={base} y2={base} />
          {marks.map((value, i) => (
            <g>
              <line class="axis" x1={x(value)} x2={x(value)} y1={base} y2={base + 5} />
              <text x={x(value)} y={base + 20} text-anchor="middle">
                {ticks(marks)[i]}
              </text>
            </g>
          ))}
          {[...piles].flatMap(([column, values]) =>
            values.map((value, i) => (
              <circle
                class={value > 0 ? 'dot hit' : 'dot'}
                cx={x(((column + 0.5) / columns) * top)}
                cy={base - 4 - radius - i * (2 * radius + 2)}
                r={radius}
              >
                <title>{count(value)}</title>
              </circle>
            )),
          )}
        </svg>
      )}
    </figure>
  );
}

interface Bar {
  name: string;
  low?: number;
  middle: number;
  high?: number;
  text: ComponentChildren;
}

/** Bars to the median, with a line from the 5th to the 95th percentile. */
function Bars({title, note, bars, most}: {title: string; note: string; bars: Bar[]; most?: number}) {
  const top = most ?? Math.max(1, ...bars.map((bar) => bar.high ?? bar.middle));
  const at = (value: number) => `${(100 * value) / top}%`;
  return (
    <figure class="bars">
      <figcaption>
        {title} <span class="quiet">{note}</span>
      </figcaption>
      {bars.map(({name, low, middle, high, text}) => (
        <div class="bar">
          <span>{name}</span>
          <span class="track" aria-hidden="true">
            {middle > 0 && <span class="fill" style={{width: at(middle)}} />}
            {low !== undefined && high !== undefined && high > low && (
              <span class="range" style={{left: at(low), width: at(high - low)}} />
            )}
          </span>
          <span class="value">{text}</span>
        </div>
      ))}
    </figure>
  );
}

function spreadBar(s: number, name: string, metric: string, of?: number): Bar {
  const summary = data.summary.strategies[s]!.metrics[metric]!;
  return {
    name,
    low: summary.q05 ?? 0,
    middle: summary.q50 ?? 0,
    high: summary.q95 ?? 0,
    text: (
      <>
        <b>
          <Figure s={s} metric={metric} />
        </b>{' '}
        <span class="quiet">
          (<Figure s={s} metric={metric} stat="q05" /> to <Figure s={s} metric={metric} stat="q95" />
          {of !== undefined && ` of ${count(of)}`})
        </span>
      </>
    ),
  };
}

function Tiers({strategy}: Props) {
  const {encrypts} = figures(strategy);
  const what = encrypts ? 'encrypted' : 'infected';
  return (
    <Bars
      title={`Hosts ${encrypts ? 'locked out' : what}, by tier`}
      note="median (5 to 95 %)"
      bars={tiers.map(({id, name}) => spreadBar(strategy, name, `${id}_${what}`))}
    />
  );
}

function Kinds({strategy}: Props) {
  const {encrypts, plays, above, metrics} = figures(strategy);
  const what = encrypts ? 'locked_out' : 'infected';
  if (several) {
    const {trust, practice} = data.map.kinds;
    const bars = [
      trust ? spreadBar(strategy, 'Trusts', `trusts_${what}`, trust) : undefined,
      practice ? spreadBar(strategy, 'Practices', `practices_${what}`, practice) : undefined,
      spreadBar(strategy, 'All', `organisations_${what}`, data.manifest.organisations),
    ];
    return (
      <Bars
        title={`Organisations ${shownWhat(what)}, by kind`}
        note="median (5 to 95 %)"
        bars={bars.filter((bar) => bar !== undefined)}
      />
    );
  }
  const often = (name: string, times: number): Bar => ({
    name,
    middle: times,
    text: (
      <>
        <b>{count(times)}</b> <span class="quiet">of {count(plays)}</span>
      </>
    ),
  });
  const hosts = encrypts ? 'encrypted' : 'infected';
  return (
    <Bars
      title="How often at all"
      note={`plays with a host ${encrypts ? 'locked out' : hosts}`}
      most={plays}
      bars={[
        ...tiers.map(({id, name}) => often(name, above(`${id}_${hosts}`))),
        often('Large outbreak', Math.round((metrics['large_outbreak']?.share_occurring ?? 0) * plays)),
      ]}
    />
  );
}

const shownWhat = (what: string) => what.replace('_', ' ');

function Answer({question, children}: {question: string; children: ComponentChildren}) {
  return (
    <section>
      <h2>{question}</h2>
      <p>{children}</p>
    </section>
  );
}

function Answers({strategy}: Props) {
  const {mean, above, plays, encrypts} = figures(strategy);
  const {half_back_hours, most_back_hours} = data.strategies[strategy]!;
  const infected = mean('hosts_infected'), encrypted = mean('hosts_encrypted');
  if (infected === 0) return <p>No host was infected in any play.</p>;
  const what = encrypts ? 'encrypted' : 'infected';
  const all = encrypts ? encrypted : infected;
  const share = (tier: string) => percent(mean(`${tier}_${what}`) / all);
  return (
    <div class="answers">
      <Answer question="Did it come through missing patches?">
        Of all infected hosts <b>{percent(mean('infected_unpatched') / infected)}</b> had no patch when they fell.{' '}
        {mean('infected_unpatched') < infected &&
          'To the others a patch was no hindrance: an attachment, a stick, a stolen credential, or infected at the start.'}
      </Answer>
      <Answer question="Only terminals, or the data centre too?">
        Of the {what} hosts <b>{share('terminals')}</b> are terminals, <b>{share('servers')}</b> servers,{' '}
        <b>{share('data_centre')}</b> data-centre servers and <b>{share('medical_devices')}</b> medical devices. A
        data-centre server is {what} in {count(above(`data_centre_${what}`))} of {count(plays)} plays.
      </Answer>
      {encrypts && (
        <Answer question="What is lost since the last good copy?">
          An encrypted host loses <b>{count(Math.round((10 * mean('data_lost')) / encrypted) / 10)} hours</b> of work on
          average, and <b>{percent(mean('hosts_without_copy') / encrypted)}</b> of them have no good copy. In the middle
          future <Figure s={strategy} metric="data_lost" /> host-hours are lost.
        </Answer>
      )}
      <Answer question="When is it back?">
        By the end, {count(horizon)}&nbsp;h after the start, <b>{percent(mean('hosts_restored') / infected)}</b> of the
        infected hosts are back in service. {by('Half', half_back_hours)} {by('Nine in ten', most_back_hours)}
      </Answer>
    </div>
  );
}

function by(who: string, hours: number | null): ComponentChildren {
  if (hours === null) return `${who} are not back within that time.`;
  return (
    <>
      {who} are back by <b>{clock(hours)}</b> ({count(hours)}&nbsp;h).
    </>
  );
}

export function Brief({strategy}: Props) {
  return (
    <>
      <Headline strategy={strategy} />
      <div class="first">
        <Dots strategy={strategy} />
        <div>
          <Tiers strategy={strategy} />
          <Kinds strategy={strategy} />
        </div>
      </div>
      <Answers strategy={strategy} />
      {data.manifest.resolved_scenario?.description && (
        <p class="quiet description">{data.manifest.resolved_scenario.description}</p>
      )}
    </>
  );
}
