export type {
  Entry,
  KeyValueStore,
  Lease,
  LeaseOptions,
  ListedEntry,
  ListOptions,
  StoredUntil,
} from './key-value-store.ts';
