/** What the browser's store for this app is worth. */
export interface StorageState {
  /** The browser promised not to evict what is stored; null: not asked yet, or it does not say. */
  persisted: boolean | null;
  /** The last thing a person wanted to save found no room, and was not saved. */
  full: boolean;
  /** The browser threw away what was stored here: unsent work may have been lost. */
  evicted: boolean;
}

/** What only the leading tab can know. */
export interface NetworkStatus {
  connected: boolean;
  offlineSince: number | null;
  lastSync: number | null;
  firstSync: { done: number; total: number | null } | null;
  reconnect: boolean;
  oldApp: boolean;
  /** Ids of the mutations being sent. */
  sending: string[];
  storage: StorageState;
  /** This tablet was revoked as lost: what the person had here has been wiped. */
  revoked: boolean;
}

export const quiet: NetworkStatus = {
  connected: false, offlineSince: null, lastSync: null, firstSync: null, reconnect: false, oldApp: false, sending: [],
  storage: { persisted: null, full: false, evicted: false }, revoked: false,
};
