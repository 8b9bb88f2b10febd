// Takes every database of a page's origin out as JSON and puts one back, schema and all: a tablet as some release left it.
// Bytes are written as {"$bytes": base64, "$as": their type}.

/** @param {import("@playwright/test").Page} page */
export function dump(page) {
  return page.evaluate(async () => {
    const done = (request) => new Promise((resolve, reject) => ((request.onsuccess = () => resolve(request.result)), (request.onerror = () => reject(request.error))));
    const plain = (value) => {
      if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
        const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
        return { $bytes: btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join("")), $as: value instanceof ArrayBuffer ? "ArrayBuffer" : "Uint8Array" };
      }
      if (Array.isArray(value)) return value.map(plain);
      if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
      return value;
    };
    const databases = [];
    for (const { name } of await indexedDB.databases()) {
      const db = await done(indexedDB.open(name));
      const stores = [];
      for (const storeName of db.objectStoreNames) {
        const store = db.transaction(storeName).objectStore(storeName);
        const indexes = Array.from(store.indexNames, (i) => store.index(i)).map(({ name: index, keyPath, unique, multiEntry }) => ({ name: index, keyPath, unique, multiEntry }));
        stores.push({ name: storeName, keyPath: store.keyPath, autoIncrement: store.autoIncrement, indexes, rows: (await done(store.getAll())).map(plain) });
      }
      databases.push({ name, version: db.version, stores });
      db.close();
    }
    return { databases, localStorage: { ...localStorage } };
  });
}

/** Call it on a page of the origin on which the app does not run. */
export function restore(page, dumped) {
  return page.evaluate(async ({ databases, localStorage: kept }) => {
    const real = (value) => {
      if (Array.isArray(value)) return value.map(real);
      if (!value || typeof value !== "object") return value;
      if (typeof value.$bytes !== "string") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, real(v)]));
      const bytes = Uint8Array.from(atob(value.$bytes), (c) => c.charCodeAt(0));
      return value.$as === "ArrayBuffer" ? bytes.buffer : bytes;
    };
    for (const { name, version, stores } of databases) {
      await new Promise((resolve, reject) => {
        const opening = indexedDB.open(name, version);
        opening.onupgradeneeded = () => {
          for (const { name: storeName, keyPath, autoIncrement, indexes, rows } of stores) {
            const store = opening.result.createObjectStore(storeName, { keyPath, autoIncrement });
            for (const i of indexes) store.createIndex(i.name, i.keyPath, { unique: i.unique, multiEntry: i.multiEntry });
            for (const row of rows) store.put(real(row));
          }
        };
        opening.onsuccess = () => resolve(opening.result.close());
        opening.onerror = () => reject(opening.error);
      });
    }
    for (const [key, value] of Object.entries(kept)) localStorage.setItem(key, value);
  }, dumped);
}
