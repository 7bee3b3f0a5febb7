import type { Text } from "../text.ts";
import { actions } from "./actions.ts";
import { help } from "./help.ts";
import { operations } from "./operations.ts";
import { sentence } from "./sentence.ts";
import { camera } from "./camera.ts";
import { matrix } from "./matrix.ts";
import { numbers } from "./numbers.ts";
import { transport } from "./transport.ts";

export const es: Text = {
  actions,
  help,
  operations,
  sentence,
  camera,
  matrix,
  numbers,
  transport,
};
