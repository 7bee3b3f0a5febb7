/** Why a text is no kernel, in a sentence for the page. */
import { later } from "../text/later.ts";

export class Refusal extends Error {
  override name = "Refusal";

  constructor(sentence: string, counts = false) {
    super(counts ? `${sentence} ${later().pasted.fromZero}` : sentence);
  }
}
