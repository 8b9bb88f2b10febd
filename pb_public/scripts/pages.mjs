// A Vite plugin: one head for every page of the app, where the page says <!--head staff--> or <!--head public-->, with a
// colon and a title of its own if it has one. The staff's
// app can be installed; a public page is found by no search engine and tells nobody by which link it was opened.
const common = [
  '<meta charset="utf-8" />',
  '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />',
  '<meta name="theme-color" content="#14304f" />',
  '<meta name="apple-mobile-web-app-capable" content="yes" />',
  '<meta name="mobile-web-app-capable" content="yes" />',
  '<link rel="icon" href="/icon.svg" type="image/svg+xml" />',
  '<link rel="apple-touch-icon" href="/icon-180.png" />',
];
const own = {
  staff: ['<link rel="manifest" href="/manifest.webmanifest" />'],
  public: ['<meta name="robots" content="noindex" />', '<meta name="referrer" content="no-referrer" />'],
};

/** The page with its head written out. Throws for a page that asks for none, or for one that there is not. */
export function withHead(html) {
  const found = /^([ \t]*)<!--head (\w+)(?:: ([^<>]+))?-->/m.exec(html);
  const lines = found && own[found[2]];
  if (!lines) throw new Error("a page says <!--head staff--> or <!--head public-->");
  const title = `<title>${found[3] ? `${found[3]} · ` : ""}Aftercare 售后</title>`;
  return html.replace(found[0], [common[0], ...lines, ...common.slice(1), title].map((line) => found[1] + line).join("\n"));
}

export function pages() {
  return { name: "aftercare-pages", transformIndexHtml: { order: "pre", handler: withHead } };
}
