// Every house of a run begins with a copy of one that holds nothing yet: the database is built up once, not fifty times.
import { Server } from "./server.mjs";

export default async function () {
  const house = new Server(process.env.AFTERCARE ?? "../build/aftercare", { demo: false });
  await house.start();
  await house.kill("SIGTERM");
  process.env.AFTERCARE_EMPTY = house.data;
  return () => house.stop();
}
