/** Wiring only: reads what the server wrote into the page, starts the widgets, the stage and the session. */
import { start } from "./address.ts";
import type { Catalog, FirstVisit } from "./api.ts";
import { breath } from "./breath.ts";
import { spelling } from "./calls/spelled.ts";
import { record } from "./history.ts";
import { panels } from "./panels/panels.ts";
import { tracing } from "./provenance.ts";
import { elements } from "./stage/elements.ts";
import { forPaper } from "./stage/paper.ts";
import { listen } from "./stage/pointer.ts";
import { Stage } from "./stage/stage.ts";
import * as state from "./state.ts";
import { openIn } from "./text/choice.ts";
import { call } from "./widgets/call.ts";
import { caption } from "./widgets/caption.ts";
import { controls } from "./widgets/controls.ts";
import { query } from "./widgets/dom.ts";
import { headings } from "./widgets/headings.ts";
import { help } from "./widgets/help.ts";
import { imagePicker, lessonSource, sampleSource } from "./widgets/imagePicker.ts";
import { buttons, keys } from "./widgets/input.ts";
import { kernelEditor } from "./widgets/kernelEditor.ts";
import { legends } from "./widgets/legends.ts";
import { loupeTable } from "./widgets/loupeTable.ts";
import { modes } from "./widgets/modes.ts";
import { outputPicker } from "./widgets/outputPicker.ts";
import { ribbon } from "./widgets/ribbon.ts";
import { stampSwitch } from "./widgets/stampSwitch.ts";
import { spoken } from "./widgets/spoken.ts";
import { sum } from "./widgets/sum.ts";
import { transport } from "./widgets/transport.ts";
import { words } from "./widgets/words.ts";
import { ways } from "./ways.ts";
import { zoomButtons } from "./widgets/zoom.ts";
import { undoButtons } from "./widgets/undoButtons.ts";

const written = <T>(id: string): T => JSON.parse(query(`#${id}`).textContent ?? "null") as T;

const catalog = written<Catalog>("catalog-json");
const first = written<FirstVisit>("first-json");

function firstAsked(): state.Asked {
  const { input, operation } = first;
  const sample = catalog.samples.find(({ name }) => "sample" in input && name === input.sample);
  const filter = catalog.filters.find(({ name }) => name === operation.filter);
  if (!sample || !filter) throw new Error("The first visit names a sample or a filter that the catalog does not have.");
  const size = "size" in input && input.size ? input.size : [sample.height, sample.width];
  return {
    source: sampleSource(sample), longest: Math.max(...size), scale: "0..255",
    ...state.DEFAULTS, filter: filter.name, kernel: filter.kernel,
    strides: operation.strides ?? [1, 1], dilations: operation.dilations ?? [1, 1],
    padding: operation.padding === "VALID" ? "VALID" : "SAME",
  };
}

function beginReading(): void {
  state.theme.value = document.documentElement.dataset.theme === "dark" ? "dark" : "light";
  buttons();
  keys();
  words();
  ribbon();
  call();
  controls();
  headings(catalog.filters);
  legends();
  sum();
  caption();
}

function beginControls(): void {
  stampSwitch();
  loupeTable();
  transport();
  zoomButtons();
  undoButtons();
  modes();
  imagePicker(catalog);
  outputPicker();
  help();
  panels();
  ways();
}

function beginStage(): void {
  const kernel = kernelEditor(catalog.filters);
  const stage = new Stage(elements());
  listen(stage, (row, column) => kernel.edit(row, column));
  tracing(stage);
  forPaper(stage);
  const known = { sources: [...catalog.samples.map(sampleSource), ...catalog.lessons.map(lessonSource)], filters: catalog.filters };
  spoken(known);
  record(known);
  const asked = firstAsked();
  spelling(asked, first.calls);
  void start(asked, first.trace, known);
}

// Before the widgets, so that nothing is said twice. No top-level await: the chunk of a language needs this module, and would wait for it.
void openIn().then(async () => {
  for (const begin of [beginReading, beginControls, beginStage]) {
    await breath();
    begin();
  }
  document.documentElement.classList.remove("translating");
});
