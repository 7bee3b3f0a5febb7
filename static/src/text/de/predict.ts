import { NBSP } from "../parts.ts";
import type { Text } from "../text.ts";

export const predict: Text["predict"] = {
  negative: "negativ",
  zero: "nahe 0",
  positive: "positiv",
  guess: "Ihre Vermutung",
  reveal: "Aufdecken",
  noNumber: "Eine Vermutung ist eine Zahl.",
  hidden: "verborgen",
  unknown: "Was daraus wird, ist noch eine Frage.",
  sign: (products, bias) =>
    `Ergeben die${NBSP}${products} Produkte${bias ? " mit dem Bias" : ""} zusammen etwas Negatives, etwas nahe null oder etwas Positives?`,
  sum: (products, bias) =>
    `${products === 1 ? "Was ist das eine Produkt" : `Was ergeben die${NBSP}${products} Produkte zusammen`}${bias ? ", mit dem Bias" : ""}?`,
  nothing: "Was ist die Ausgabe dort, wohin kein Stempel reicht?",
  largest: "Was ist der größte Wert?",
  mean: (values) => (values === 1 ? "Was ist der Mittelwert des einen Wertes?" : `Was ist der Mittelwert der${NBSP}${values} Werte?`),
  said: (guess) => `Sie sagten ${guess}. Es ist${NBSP}`,
};
