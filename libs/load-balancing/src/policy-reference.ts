import { defaultPolicy, type Policy } from './policy.ts';

type Section = Exclude<keyof Policy, 'picker'>;

/** Why a value is what it is, and where that was learnt. */
interface Explanation {
  readonly reason: string;
  readonly source: string;
}

const own = 'simulated here (`figures.spec.ts`)';

/** Complete by type: a new value without its reason does not compile. */
const explanations: { readonly [S in Section]: { readonly [Name in keyof Policy[S]]: Explanation } } = {
  load: {
    decayMs: {
      reason:
        'How long a slow sample is remembered. Shorter forgives sooner and sends more calls to a slow instance.',
      source: 'finagle, linkerd: 10 s',
    },
    failurePenaltyMs: {
      reason: 'What a failure costs, times the share of failures: fast failures must not attract traffic.',
      source: 'linkerd load biaser: 5 s',
    },
    fullPenaltyAfter: {
      reason:
        'So many failures in a row count in full, before the share of the last ten seconds has noticed.',
      source: own,
    },
    maxRetryAfterMs: { reason: 'A longer `Retry-After` counts as this.', source: 'linkerd caps it at 300 s' },
    scanUpTo: {
      reason:
        'Up to so many candidates all are compared; of more, two random ones. Comparing many makes clients herd.',
      source: 'Mitzenmacher, the power of two choices',
    },
  },
  ejection: {
    consecutiveFailures: {
      reason: 'Failures in a row that eject. Refused and reset connections eject at the first.',
      source: 'Envoy, istio: 5',
    },
    minSuccessRate: {
      reason: 'Below this share of successes over 10 s it is ejected.',
      source: 'linkerd: 80 %',
    },
    minResults: {
      reason:
        'So many results in 10 s make a rate. Fleets ask for 100; with two instances that would be never.',
      source: own,
    },
    outlierFactor: {
      reason:
        'Its share of failures must be so many times that of its peers: an upstream that sheds load keeps its capacity. With 2, an overload of 3 × ejected one of three that all shed in a third of the runs.',
      source: own,
    },
    baseMs: { reason: 'The first ejection; each further one lasts twice as long.', source: 'linkerd: 1 s' },
    maxMs: { reason: 'The longest one: a dead instance costs one call a minute.', source: 'linkerd: 60 s' },
    jitter: {
      reason: 'Lengthens an ejection by up to this share, so that processes do not probe in step.',
      source: 'linkerd',
    },
    forgetAfterMs: {
      reason: 'So long after its return, an ejection counts as the first again.',
      source: own,
    },
    maxEjectedShare: {
      reason:
        'Computed after the ejection: one of two may go, the last never. Health checks are not bound by it.',
      source: 'Envoy: 10 %, which for three instances is none',
    },
    panicBelow: {
      reason:
        'With a smaller share available all get traffic: the few would break, too. Exactly this share is not panic.',
      source: 'Envoy: 50 %',
    },
  },
  slowness: {
    factor: { reason: 'So many times the median of its peers is slow.', source: own },
    minLatencyMs: {
      reason: 'Nothing faster is slow: among instances at 1 ms a pause for garbage stands out.',
      source: own,
    },
    minResults: { reason: 'So many results in a row, each slow; one at normal speed acquits.', source: own },
    forMs: {
      reason: 'Slow for so long before it is ejected; load balancing has moved the traffic already.',
      source: own,
    },
  },
  slowStart: {
    windowMs: {
      reason: 'How long a new or returned instance takes to its full share.',
      source: 'Envoy, HAProxy: tens of seconds',
    },
    minShare: { reason: 'What it starts with. 0 would be no traffic and no results.', source: 'Envoy: 10 %' },
  },
  affinity: {
    boundedLoad: {
      reason: 'Affinity gives way when an instance has so many times its share pending.',
      source: 'Mirrokni et al.; Vimeo in HAProxy: 1.25',
    },
    freePending: { reason: 'So many pending are no overload, whatever the others have.', source: own },
  },
  retry: {
    maxRetries: {
      reason: 'Attempts after the first, each at another instance.',
      source: 'gRPC: at most 5 attempts; with two or three instances more cannot help',
    },
    budgetShare: {
      reason: 'Further attempts as a share of the calls in 10 s: the most a total outage costs.',
      source: 'finagle, linkerd: 20 %',
    },
    budgetPerSecond: {
      reason: 'At least so many, for upstreams with little traffic.',
      source: 'finagle, linkerd add 10; the sum would exceed the share',
    },
    baseDelayMs: {
      reason:
        'The most to wait before the first retry; it doubles. Nothing after a refused or reset connection.',
      source: 'Envoy: 25 ms',
    },
    maxDelayMs: { reason: 'The most to wait before any.', source: 'Envoy: 250 ms' },
  },
  healthCheck: {
    intervalMs: {
      reason: 'Between two checks of one instance by one process.',
      source: 'Kubernetes: 10 s; half of that, since a check is cheap',
    },
    doubtIntervalMs: {
      reason: 'The same while the last result speaks against the verdict, and while it is unhealthy.',
      source: own,
    },
    timeoutMs: {
      reason: 'No answer for so long is a failure: frozen processes accept and say nothing.',
      source: own,
    },
    jitter: {
      reason:
        'Shortens the interval by up to this share, never lengthens it: what freezes is noticed within a known time.',
      source: 'Envoy',
    },
    fall: { reason: 'Failures in a row that take it out; one may be chance.', source: 'HAProxy: 3' },
    rise: { reason: 'Passes that bring it back; slow start covers the rest.', source: 'HAProxy: 2' },
  },
};

export interface PolicyReferenceRow extends Explanation {
  /** `ejection.baseMs`. */
  readonly name: string;
  readonly value: number;
}

/** Every tunable value with its default, its reason and its source; the README's table. */
export const policyReference: readonly PolicyReferenceRow[] = Object.entries(explanations).flatMap(
  ([section, values]) =>
    Object.entries(values as Record<string, Explanation>).map(([name, explanation]) => ({
      name: `${section}.${name}`,
      value: (defaultPolicy[section as Section] as unknown as Record<string, number>)[name] ?? NaN,
      ...explanation,
    })),
);
