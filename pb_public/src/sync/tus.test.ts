// How the photo's bytes are handed to the tus client; tus itself is played.
import { beforeEach, expect, test, vi } from "vitest";
import type { Upload } from "../db/records.ts";
import { photoServer } from "./uploads.ts";

type Options = { uploadUrl?: string; endpoint?: string; metadata: Record<string, string>; onSuccess(): void };
const begun: { size: number; options: Options }[] = [];

vi.mock("tus-js-client", () => ({
  Upload: class {
    url = "/api/uploads/new";
    options: Options;
    constructor(file: Blob, options: Options) {
      this.options = options;
      begun.push({ size: file.size, options });
    }
    start(): void {
      queueMicrotask(() => this.options.onSuccess());
    }
  },
}));

beforeEach(() => void (begun.length = 0));

const upload: Upload = { sha256: "a".repeat(64), photo: "p", visit: "v", media: "image/jpeg", size: 1000, sent: 0, state: "local", at: 0, attempts: 0 };

async function send(one: Upload): Promise<Options> {
  const on = { begun: () => {}, progress: () => {} };
  expect(await photoServer(async () => "token").send(one, new ArrayBuffer(1000), on, new AbortController().signal)).toEqual({ kind: "sent" });
  expect(begun[0].size).toBe(1000);
  return begun[0].options;
}

test("X-02 a photo whose upload has begun goes on at its address, and nowhere else", async () => {
  const { uploadUrl, endpoint } = await send({ ...upload, state: "uploading", sent: 500, url: "/api/uploads/begun" });
  expect({ uploadUrl, endpoint }).toEqual({ uploadUrl: "/api/uploads/begun", endpoint: undefined });
});

test("R-07 a new upload begins at the endpoint and names the hash of the bytes", async () => {
  const { uploadUrl, endpoint, metadata } = await send(upload);
  expect({ uploadUrl, endpoint }).toEqual({ uploadUrl: undefined, endpoint: "/api/uploads/" });
  expect(metadata).toEqual({ sha256: upload.sha256, type: "image/jpeg" });
});
