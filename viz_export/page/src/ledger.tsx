import {useState} from 'preact/hooks';
import {data} from './data';
import {count, percent} from './format';

const assumed = (source: string) => /\bassumed\b/i.test(source);

function Sources() {
  const [only, setOnly] = useState(false);
  const ledger = data.manifest.resolved_scenario?.ledger ?? [];
  const guesses = ledger.filter(({source}) => assumed(source)).length;
  if (ledger.length === 0) return <p>The scenario file states no sources beside its values.</p>;
  return (
    <>
      <p>
        {count(ledger.length)} values have a note of where they come from; <b>{count(guesses)}</b> of these say that
        they are assumed, in whole or in part. Take the values without a note, in the scenario below, as assumed too.
      </p>
      <label class="only">
        <input type="checkbox" checked={only} onChange={(e) => setOnly(e.currentTarget.checked)} /> assumed only
      </label>
      <table>
        <thead>
          <tr>
            <th>Value</th>
            <th>Source</th>
          </tr>
        </thead>
        <tbody>
          {ledger
            .filter(({source}) => !only || assumed(source))
            .map(({path, source}) => (
              <tr class={assumed(source) ? 'assumed' : ''}>
                <td>
                  <code>{path}</code>
                </td>
                <td>
                  {assumed(source) && <span class="mark">assumed</span>} {source === 'assumed' ? '' : source}
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </>
  );
}

function Replays({strategy}: {strategy: number}) {
  return (
    <table>
      <thead>
        <tr>
          <th>Percentile</th>
          <th>Replicate</th>
          <th>Replay code</th>
        </tr>
      </thead>
      <tbody>
        {data.summary.strategies[strategy]!.replays.map(({percentile, replicate, code}) => (
          <tr>
            <td>{percent(percentile)}</td>
            <td>{count(replicate)}</td>
            <td>
              <code>{code}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Manifest() {
  const {resolved_scenario, inputs, settings, ...rest} = data.manifest;
  return (
    <>
      <dl>
        {Object.entries(rest).map(([name, value]) => (
          <>
            <dt>{name.replaceAll('_', ' ')}</dt>
            <dd>{String(value)}</dd>
          </>
        ))}
        {settings.length > 0 && (
          <>
            <dt>settings</dt>
            <dd>{settings.join(', ')}</dd>
          </>
        )}
        {inputs.map(({name, sha256}) => (
          <>
            <dt>{name}</dt>
            <dd>
              <code>{sha256}</code>
            </dd>
          </>
        ))}
      </dl>
      <details>
        <summary>The scenario, with every fallback filled in (seconds, shares and counts)</summary>
        <pre tabIndex={0}>{JSON.stringify(resolved_scenario, null, 1)}</pre>
      </details>
    </>
  );
}

export function Ledger({strategy}: {strategy: number}) {
  return (
    <>
      <h2>Where the values come from</h2>
      <Sources />
      <h2>Plays to look at again</h2>
      <p>
        Ranked by <code>hosts_infected</code>; <code>trustfall replay CODE --from results.tfr</code> shows what happened,
        minute by minute.
      </p>
      <Replays strategy={strategy} />
      <h2>Manifest</h2>
      <Manifest />
    </>
  );
}
