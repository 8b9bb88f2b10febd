// Whether the tablet believes it has a network. Only for wording: what truly arrives is the sync's business.
let online = $state(typeof navigator === "undefined" || navigator.onLine);

export const network = {
  get online(): boolean {
    return online;
  },
  watch(): () => void {
    const read = () => (online = navigator.onLine);
    window.addEventListener("online", read);
    window.addEventListener("offline", read);
    return () => {
      window.removeEventListener("online", read);
      window.removeEventListener("offline", read);
    };
  },
};
