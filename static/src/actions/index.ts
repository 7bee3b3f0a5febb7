/** Every action by name: `data-action` of a button, a key, a gesture of the stage all end here. */
import type { Action, Actions } from "./action.ts";
import { history } from "./history.ts";
import { kernel } from "./kernel.ts";
import { operation } from "./operation.ts";
import { panel } from "./panel.ts";
import { stepping } from "./stepping.ts";
import { tracing } from "./tracing.ts";
import { view } from "./view.ts";
import { zoom } from "./zoom.ts";
import { ways } from "./ways.ts";
import { text } from "../text/text.ts";

export const actions: Actions = {
  ...stepping,
  ...operation,
  ...kernel,
  ...history,
  ...view,
  ...zoom,
  ...panel,
  ...tracing,
  ...ways,
  help: { label: () => text().actions.help, keys: ["?"], run: () => document.querySelector<HTMLDialogElement>("#help")?.showModal() },
};

export function act(name: string, argument = ""): void {
  const action: Action | undefined = actions[name];
  if (!action) throw new Error(`There is no action named ${name}.`);
  action.run(argument);
}
