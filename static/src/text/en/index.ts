/** English, and the type of every other language. One file an area of the page. */
import { actions } from "./actions.ts";
import { help } from "./help.ts";
import { operations } from "./operations.ts";
import { sentence } from "./sentence.ts";
import { camera } from "./camera.ts";
import { matrix } from "./matrix.ts";
import { numbers } from "./numbers.ts";
import { transport } from "./transport.ts";

export const en = {
  actions,
  help,
  operations,
  sentence,
  camera,
  matrix,
  numbers,
  transport,
} as const;
