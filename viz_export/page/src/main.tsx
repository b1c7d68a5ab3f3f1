import {render} from 'preact';
import {useState} from 'preact/hooks';
import {Brief} from './brief';
import {data, shown} from './data';
import {count} from './format';
import {Ledger} from './ledger';
import {Playback} from './playback';
import {Spread} from './spread';

const views = [
  {id: 'brief', name: 'Brief', View: Brief},
  {id: 'spread', name: 'Spread', View: Spread},
  {id: 'playback', name: 'Playback', View: Playback},
  {id: 'ledger', name: 'Ledger', View: Ledger},
];

function Tabs({current, choose}: {current: number; choose: (view: number) => void}) {
  const onKeyDown = (event: KeyboardEvent) => {
    const last = views.length - 1;
    const next: Record<string, number> = {
      ArrowRight: current === last ? 0 : current + 1,
      ArrowLeft: current === 0 ? last : current - 1,
      Home: 0,
      End: last,
    };
    const to = next[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(to);
    document.getElementById(`tab-${views[to]!.id}`)!.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Views" onKeyDown={onKeyDown}>
      {views.map(({id, name}, i) => (
        <button
          key={id}
          id={`tab-${id}`}
          role="tab"
          aria-selected={i === current}
          aria-controls="view"
          tabIndex={i === current ? 0 : -1}
          onClick={() => choose(i)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

function Page() {
  const [view, setView] = useState(0);
  const [strategy, setStrategy] = useState(0);
  const {id, View} = views[view]!;
  const {hosts, organisations, seed} = data.manifest;
  return (
    <>
      <header>
        <div>
          <h1>{data.summary.scenario}</h1>
          <p class="quiet">
            {count(hosts)} hosts in {count(organisations)} organisation{organisations === 1 ? '' : 's'}, played{' '}
            {count(data.summary.strategies[strategy]!.replicates)} times (seed {seed}). Simulated.
          </p>
        </div>
        {data.strategies.length > 1 && (
          <label class="strategy">
            Strategy{' '}
            <select value={strategy} onChange={(e) => setStrategy(+e.currentTarget.value)}>
              {data.strategies.map(({name}, s) => (
                <option value={s}>{shown(name)}</option>
              ))}
            </select>
          </label>
        )}
        <Tabs current={view} choose={setView} />
      </header>
      <main id="view" role="tabpanel" aria-labelledby={`tab-${id}`} class={id}>
        <View strategy={strategy} />
      </main>
    </>
  );
}

document.title = `${data.summary.scenario} – Trustfall`;
render(<Page />, document.getElementById('page')!);
