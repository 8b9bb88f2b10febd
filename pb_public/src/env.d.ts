/// <reference types="svelte" />
/// <reference types="vite/client" />

/** Version of the app, sent with every push so that the server knows whom it talks to. */
declare const __APP_VERSION__: string;
