/** A refusal of the server as a sentence for the ribbon. */
import type { ApiError, FieldError } from "./api.ts";

/** Reasons are either sentences of their own, or go on where the name of the field ends: "is 0; ...". */
function sentence({ field, reason }: FieldError, subject: string | undefined): string {
  if (/^\p{Lu}/u.test(reason)) return reason;
  const name = field.split(".").filter((part) => !/^\d+$/.test(part)).at(-1) ?? field;
  const begun = subject ?? name.charAt(0).toUpperCase() + name.slice(1);
  return `${begun} ${reason}${/[.!?]$/.test(reason) ? "" : "."}`;
}

/** `subject` stands for the field where the person knows it by another name, as a file by its own. */
export function explainRefusal(error: ApiError, subject?: string): string {
  return [...new Set(error.errors.map((one) => sentence(one, subject)))].join(" ") || error.message;
}
