/** One instance of a service. */
export interface Endpoint {
  /** Stable while the instance lives: `host:port`. Names the instance in metrics and in `/info`. */
  readonly id: string;
  /** `http://10.0.0.7:3000`, `grpc://10.0.0.7:50051`. */
  readonly url: string;
}

/** An endpoint as it is now, for `/info`. */
export interface EndpointSnapshot extends Endpoint {
  /** `available` gets traffic, `ejected` none until it is probed, `draining` finishes what it has. */
  readonly state: 'available' | 'ejected' | 'draining';
  /** Leases not yet done. */
  readonly pending: number;
}
