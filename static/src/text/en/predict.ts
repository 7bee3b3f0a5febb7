import { NBSP } from "../parts.ts";

/** Questions instead of results. */
export const predict = {
  negative: "negative",
  zero: "near 0",
  positive: "positive",
  guess: "Your guess",
  reveal: "Reveal",
  noNumber: "A guess is a number.",
  hidden: "hidden",
  /** In place of the result of another position, or of a cell's. */
  unknown: "What comes of it is still a question.",
  /** After the place. */
  sign: (products: number, bias: boolean) =>
    `Will the${NBSP}${products} products${bias ? ", with the bias," : ""} add up to something negative, near zero, or positive?`,
  sum: (products: number, bias: boolean) =>
    `${products === 1 ? "What is the one product" : `What do the${NBSP}${products} products add up to`}${bias ? ", with the bias" : ""}?`,
  nothing: "What is the output where no stamp reaches it?",
  largest: "What is the largest value?",
  mean: (values: number) => (values === 1 ? "What is the mean of the one value?" : `What is the mean of the${NBSP}${values} values?`),
  /** Before the result. */
  said: (guess: string) => `You said ${guess}. It is${NBSP}`,
};
