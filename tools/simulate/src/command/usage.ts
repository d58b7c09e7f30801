export const usage = `npm run simulate -- SCENARIO [OPTIONS]: runs the real balancer against modelled instances under virtual time,
prints the figures and draws them over time.

  SCENARIO               one of --list, or the path of a file of your own (.json)
  --policy KEY=VALUE     on top of the scenario's policy, as often as needed: ejection.baseMs=500
  --policy FILE          the same, from a JSON file
  --picker NAME          peak_ewma, least_request, round_robin or consistent_hash
  --compare NAME,NAME    several of them side by side, with the same arrivals
  --seed N               instead of the scenario's own; the same seed gives the same run
  --runs N               so many seeds in a row: medians, the worst in brackets; the worst run is drawn
  --out FILE.svg         instead of .simulate/SCENARIO.svg
  --json                 the figures as JSON
  --list                 the scenarios that there are
  --help                 this text

Exit status: 0 when it ran; 1 when a file is wrong or cannot be read or written; 2 for wrong usage.`;
