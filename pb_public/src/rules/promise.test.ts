import { describe, expect, test } from "vitest";
import vectors from "../../../internal/promise/testdata/vectors/promise.json";
import { checkAt, checkDue, daysBeyond, delayAskAt, earliest, noticeAt, quietUntil, type TimePolicy } from "./promise.ts";


describe("promises: the tablet's rules answer as the server's", () => {
  test("E-05 W-06 D-02 S-07 M-03 on every vector, in four time zones", () => {
    for (const [i, v] of vectors.entries()) {
      const p = v.policy as TimePolicy, now = Date.parse(v.now), promised = Date.parse(v.promised);
      const work = { minutes: v.minutes, partsAt: Date.parse((v as { parts_at?: string }).parts_at ?? ""), load: v.load, hands: v.hands };
      expect({
        earliest: earliest(now, work, p, v.zone), check_at: checkAt(now, promised, p), notice_at: noticeAt(now, promised, p, v.zone),
        ask_at: delayAskAt(now, promised, p, v.zone), quiet: quietUntil(now, v.zone, p.quiet_from_minutes, p.quiet_to_minutes) ?? now, beyond: daysBeyond(now, promised, v.zone),
      }, `vector ${i}`).toEqual({
        earliest: Date.parse(v.earliest), check_at: Date.parse(v.check_at), notice_at: Date.parse(v.notice_at), ask_at: Date.parse(v.ask_at), quiet: Date.parse(v.quiet), beyond: v.beyond,
      });
    }
    expect(vectors.length).toBeGreaterThanOrEqual(300);
  });

  test("W-06 a job is asked about from three quarters of its plan, never without one", () => {
    const p = { progress_check_percent: 75 } as TimePolicy;
    expect([checkDue(74, 100, p), checkDue(75, 100, p), checkDue(5, 0, p)]).toEqual([false, true, false]);
  });
});
