/** English of what is not there at first: the first visit does not carry it. */
import { calls } from "./calls.ts";
import { camera } from "./camera.ts";
import { code } from "./code.ts";
import { compare } from "./compare.ts";
import { explain } from "./explain.ts";
import { kernel } from "./kernel.ts";
import { matrix } from "./matrix.ts";
import { notes } from "./notes.ts";
import { numbers } from "./numbers.ts";
import { pasted } from "./pasted.ts";
import { rest } from "./rest.ts";
import { take } from "./take.ts";
import { ways } from "./ways.ts";

export const later = {
  calls,
  camera,
  code,
  compare,
  explain,
  kernel,
  matrix,
  notes,
  numbers,
  pasted,
  rest,
  take,
  ways,
};
