import type { Text } from "../text.ts";
import { actions } from "./actions.ts";
import { call } from "./call.ts";
import { camera } from "./camera.ts";
import { caption } from "./caption.ts";
import { controls } from "./controls.ts";
import { drawer } from "./drawer.ts";
import { explain } from "./explain.ts";
import { help } from "./help.ts";
import { history } from "./history.ts";
import { image } from "./image.ts";
import { kernel } from "./kernel.ts";
import { matrix } from "./matrix.ts";
import { notices } from "./notices.ts";
import { numbers } from "./numbers.ts";
import { operations } from "./operations.ts";
import { output } from "./output.ts";
import { rest } from "./rest.ts";
import { sentence } from "./sentence.ts";
import { stage } from "./stage.ts";
import { sum } from "./sum.ts";
import { tracing } from "./tracing.ts";
import { modes } from "./modes.ts";
import { predict } from "./predict.ts";
import { spoken } from "./spoken.ts";
import { take } from "./take.ts";
import { transport } from "./transport.ts";

export const es: Text = {
  actions,
  call,
  camera,
  caption,
  controls,
  drawer,
  explain,
  help,
  history,
  image,
  kernel,
  matrix,
  notices,
  numbers,
  operations,
  output,
  rest,
  sentence,
  stage,
  sum,
  tracing,
  modes,
  predict,
  spoken,
  take,
  transport,
};
