/** The texts of what is not there at first. Import it only from modules that are themselves imported when they are needed. */
import { later as en } from "./en/later.ts";
import { type Later, translated } from "./text.ts";

export const later = (): Later => translated() ?? en;
