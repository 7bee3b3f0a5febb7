/** English of what is not there at first: the first visit does not carry it. */
import { camera } from "./camera.ts";
import { explain } from "./explain.ts";
import { numbers } from "./numbers.ts";
import { rest } from "./rest.ts";
import { take } from "./take.ts";

export const later = {
  camera,
  explain,
  numbers,
  rest,
  take,
};
