import {data, several, shown, type Difference, type Summary} from './data';
import {count, percent} from './format';

// Those that the scenario has.
const compared = [
  'hosts_infected',
  'hosts_encrypted',
  ...(several ? ['organisations_locked_out'] : []),
  'data_centre_encrypted',
  'data_lost',
  'hosts_without_copy',
  'hosts_not_back',
  'days_to_95_back',
  'appointments_cancelled',
  'cost',
].filter((metric) => data.metrics.some(({name}) => name === metric));

/** The median with a line from the 5th to the 95th percentile, on a scale that all strategies share. */
function Interval({summary, most}: {summary: Summary; most: number}) {
  const at = (value: number | null) => `${(100 * (value ?? 0)) / most}%`;
  const low = summary.q05 ?? 0, high = summary.q95 ?? 0;
  return (
    <span class="track" aria-hidden="true">
      <span class="range" style={{left: at(low), width: at(high - low)}} />
      <span class="point" style={{left: at(summary.q50)}} />
    </span>
  );
}

function verdict({settled, chance_equal, more_replicates}: Difference): string {
  if (chance_equal === 1) return 'the same in every play';
  if (settled) return 'settled';
  if (more_replicates === null) return 'not settled: no number of plays would tell them apart';
  return `not settled: about ${count(Math.ceil(more_replicates))} more plays`;
}

function signed(value: number | null): string {
  return value === null ? '–' : `${value > 0 ? '+' : ''}${count(Math.abs(value) < 100 ? Math.round(value * 10) / 10 : value)}`.replace('-', '−');
}

function Metric({metric}: {metric: string}) {
  const info = data.metrics.find(({name}) => name === metric)!;
  const summaries = data.summary.strategies.map(({metrics}) => metrics[metric]!);
  const most = Math.max(1, ...summaries.map(({q95}) => q95 ?? 0));
  return (
    <tbody>
      <tr class="metric">
        <th colSpan={5} scope="rowgroup">
          {shown(metric)} <span class="quiet">in {info.unit}. {info.meaning}</span>
        </th>
      </tr>
      {data.strategies.map(({name}, s) => {
        const {q05, q50, q95} = summaries[s]!;
        const difference = data.differences[s]![metric]!;
        return (
          <tr>
            <td>{shown(name)}</td>
            <td class="wide">
              <Interval summary={summaries[s]!} most={most} />
            </td>
            <td>
              <b>{count(q50)}</b> <span class="quiet">({count(q05)} to {count(q95)})</span>
            </td>
            {s === 0 ? (
              <td colSpan={2} class="quiet">
                compared with
              </td>
            ) : (
              <>
                <td>
                  {signed(difference.mean)}{' '}
                  <span class="quiet">
                    ({signed(difference.low)} to {signed(difference.high)})
                  </span>
                </td>
                <td>
                  {verdict(difference)}
                  {difference.chance_equal < 1 && `; better in ${percent(difference.chance_better)}`}
                </td>
              </>
            )}
          </tr>
        );
      })}
    </tbody>
  );
}

/** Every strategy against the first, on the same luck. */
export function Comparison() {
  return (
    <section class="comparison">
      <h2>Strategies on the same luck</h2>
      <p class="quiet">
        Each play is played once under each strategy. The difference is the mean over these pairs, with its 95 % interval.
      </p>
      <div class="scroll" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th>Strategy</th>
              <th class="wide">5 to 95 %</th>
              <th>Median</th>
              <th>Difference to {shown(data.strategies[0]!.name)}</th>
              <th />
            </tr>
          </thead>
          {compared.map((metric) => (
            <Metric metric={metric} />
          ))}
        </table>
      </div>
    </section>
  );
}
