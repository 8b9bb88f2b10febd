import { makePictures } from "./prepare-core.ts";

self.onmessage = async (event: MessageEvent<{ id: number; file: Blob }>) => {
  const { id, file } = event.data;
  try {
    const pictures = await makePictures(file);
    self.postMessage({ id, pictures }, { transfer: [pictures.bytes, pictures.thumb] });
  } catch (error) {
    self.postMessage({ id, error: String(error) });
  }
};
