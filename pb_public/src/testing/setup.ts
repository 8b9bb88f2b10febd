// Every test gets an IndexedDB in memory; happy-dom has none.
import "fake-indexeddb/auto";
