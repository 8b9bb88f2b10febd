// Photos on their way from the camera into the records: oriented, scaled, stripped and hashed before they are saved.
import { preparePhoto } from "../../db";
import { addPhoto, type PhotoSubject } from "./actions";

export class Shooter {
  /** Photos still being prepared. */
  pending = $state(0);
  refused = $state.raw<unknown>(null);

  /** Saves each file as a photo of `subject`; one that cannot be read is said and holds up no other. */
  async take(visit: string, files: FileList | File[], subject: (index: number) => PhotoSubject): Promise<string[]> {
    const list = [...files], made: string[] = [];
    this.refused = null;
    this.pending += list.length;
    for (const [i, file] of list.entries()) {
      try {
        made.push(await addPhoto(visit, await preparePhoto(file), subject(i)));
      } catch (error) {
        this.refused = error;
      } finally {
        this.pending--;
      }
    }
    return made;
  }

  forget = (): void => {
    this.refused = null;
  };
}
