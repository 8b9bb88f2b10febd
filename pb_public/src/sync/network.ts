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
}

export const quiet: NetworkStatus = { connected: false, offlineSince: null, lastSync: null, firstSync: null, reconnect: false, oldApp: false, sending: [] };
