// What stands around the screens and stays when they change: the menu is drawn once, not with every screen.
let rail = $state(false);
/** Whose word it was. No state: what goes sees states as they were before it went. */
let last: object | null = null;

export const shell = {
  /** The screen in sight has the menu beside it. */
  get rail(): boolean {
    return rail;
  },
  /** A screen's frame stands, with the menu or without, until the returned function is called; the last one counts. */
  stand(railed: boolean): () => void {
    const mine = {};
    last = mine;
    rail = railed;
    return () => {
      if (last !== mine) return;
      last = null;
      rail = false;
    };
  },
};
