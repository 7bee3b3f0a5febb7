import type { Text } from "../text.ts";
import { actions } from "./actions.ts";
import { call } from "./call.ts";
import { calls } from "./calls.ts";
import { camera } from "./camera.ts";
import { caption } from "./caption.ts";
import { code } from "./code.ts";
import { compare } from "./compare.ts";
import { controls } from "./controls.ts";
import { drawer } from "./drawer.ts";
import { explain } from "./explain.ts";
import { help } from "./help.ts";
import { history } from "./history.ts";
import { image } from "./image.ts";
import { kernel } from "./kernel.ts";
import { matrix } from "./matrix.ts";
import { modes } from "./modes.ts";
import { notes } from "./notes.ts";
import { notices } from "./notices.ts";
import { numbers } from "./numbers.ts";
import { operations } from "./operations.ts";
import { output } from "./output.ts";
import { page } from "./page.ts";
import { pasted } from "./pasted.ts";
import { predict } from "./predict.ts";
import { presets } from "./presets.ts";
import { rest } from "./rest.ts";
import { sentence } from "./sentence.ts";
import { spoken } from "./spoken.ts";
import { stage } from "./stage.ts";
import { sum } from "./sum.ts";
import { take } from "./take.ts";
import { tracing } from "./tracing.ts";
import { transport } from "./transport.ts";
import { ways } from "./ways.ts";
import { weights } from "./weights.ts";

export const es: Text = {
  actions,
  call,
  calls,
  camera,
  caption,
  code,
  compare,
  controls,
  drawer,
  explain,
  help,
  history,
  image,
  kernel,
  matrix,
  modes,
  notes,
  notices,
  numbers,
  operations,
  output,
  page,
  pasted,
  predict,
  presets,
  rest,
  sentence,
  spoken,
  stage,
  sum,
  take,
  tracing,
  transport,
  ways,
  weights,
};
