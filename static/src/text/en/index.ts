/** English, and the type of every other language. One file an area of the page. */
import { actions } from "./actions.ts";
import { call } from "./call.ts";
import { caption } from "./caption.ts";
import { controls } from "./controls.ts";
import { drawer } from "./drawer.ts";
import { help } from "./help.ts";
import { history } from "./history.ts";
import { image } from "./image.ts";
import { modes } from "./modes.ts";
import { notices } from "./notices.ts";
import { operations } from "./operations.ts";
import { output } from "./output.ts";
import { page } from "./page.ts";
import { predict } from "./predict.ts";
import { presets } from "./presets.ts";
import { sentence } from "./sentence.ts";
import { spoken } from "./spoken.ts";
import { stage } from "./stage.ts";
import { sum } from "./sum.ts";
import { tracing } from "./tracing.ts";
import { transport } from "./transport.ts";
import { weights } from "./weights.ts";

export const en = {
  actions,
  call,
  caption,
  controls,
  drawer,
  help,
  history,
  image,
  modes,
  notices,
  operations,
  output,
  page,
  predict,
  presets,
  sentence,
  spoken,
  stage,
  sum,
  tracing,
  transport,
  weights,
};
