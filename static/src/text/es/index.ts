import type { Text } from "../text.ts";
import { actions } from "./actions.ts";
import { help } from "./help.ts";
import { operations } from "./operations.ts";
import { sentence } from "./sentence.ts";
import { transport } from "./transport.ts";

export const es: Text = {
  actions,
  help,
  operations,
  sentence,
  transport,
};
