import type { Endpoint, EjectionReason } from './endpoint.ts';

/** What a balancer tells about its decisions, for metrics and logs. */
export type BalancerEvent =
  | {
      readonly kind: 'ejected';
      readonly endpoint: Endpoint;
      readonly reason: EjectionReason;
      /** Until it is probed; Infinity while its health check fails. */
      readonly forMs: number;
    }
  /** It deserved ejection, but too few would be left: it keeps its traffic. */
  | { readonly kind: 'spared'; readonly endpoint: Endpoint; readonly reason: EjectionReason }
  /** One real call goes to an ejected endpoint. */
  | { readonly kind: 'probe'; readonly endpoint: Endpoint }
  | {
      readonly kind: 'returned';
      readonly endpoint: Endpoint;
      /** What brought it back: a call that succeeded, or its health check. */
      readonly by: 'call' | 'health_check';
    }
  /** Too few are available: all get traffic until that has changed. */
  | { readonly kind: 'panic'; readonly active: boolean; readonly available: number; readonly total: number }
  | { readonly kind: 'added' | 'removed' | 'drained'; readonly endpoint: Endpoint }
  | { readonly kind: 'empty_update_ignored' };

export type OnBalancerEvent = (event: BalancerEvent) => void;
