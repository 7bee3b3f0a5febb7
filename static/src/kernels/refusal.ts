/** Why a text is no kernel, in a sentence for the page. */
export class Refusal extends Error {
  override name = "Refusal";

  constructor(sentence: string, counts = false) {
    super(counts ? `${sentence} Rows and columns count from 0.` : sentence);
  }
}
