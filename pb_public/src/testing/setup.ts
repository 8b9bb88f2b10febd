// Every test gets an IndexedDB in memory, which happy-dom has not, and the sentences that every screen waits for.
import "fake-indexeddb/auto";
import "../rules/sentences.ts";
