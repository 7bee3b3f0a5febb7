/** The image: your own by file, drop or paste; samples; the lesson; how large and in which numbers. */
import { effect } from "@preact/signals-core";
import { change, chooseSource, openFile } from "../actions/operation.ts";
import type { Catalog, Lesson, Sample } from "../api.ts";
import { plate } from "../colour.ts";
import { TIMES } from "../format.ts";
import * as state from "../state.ts";
import { make, placePopup, query, refill, whetherOpen } from "./dom.ts";

const SIZES = [16, 32, 64, 128] as const;

export function sampleSource(sample: Sample): state.Source {
  return {
    key: sample.name, title: sample.title, kind: "picture", height: sample.height, width: sample.width,
    reference: { sample: sample.name },
  };
}

export function lessonSource(lesson: Lesson): state.Source {
  const values = (lesson.input as { values: number[][] }).values;
  return {
    key: lesson.name, title: lesson.title, kind: "numbers", height: values.length, width: values[0]?.length ?? 0,
    reference: { ...lesson.input },
  };
}

export function imagePicker(catalog: Catalog): void {
  const popup = query("#image-picker");
  const opened = whetherOpen(popup);
  const chooser = make("input", { type: "file", accept: "image/png,image/jpeg,image/webp,image/gif,image/bmp", hidden: true, id: "file" });
  chooser.addEventListener("change", () => {
    const file = chooser.files?.[0];
    chooser.value = "";
    if (file) void open(file);
  });
  document.body.append(chooser);
  const open = (file: File): Promise<void> => {
    popup.hidePopover();
    return openFile(file, file.name || "pasted image");
  };
  effect(() => {
    const asked = state.asked.value;
    if (!asked || !opened.value) return;
    refill(popup, make("h3", { id: "image-picker-heading" }, "Image"), dropArea(() => chooser.click()), gallery(catalog, asked), ...options(asked));
  });
  popup.addEventListener("toggle", (event) => {
    if (event.newState === "open") placePopup(popup, query("#image-button").getBoundingClientRect(), false);
  });
  acceptDrops((file) => void open(file));
  acceptPastes((file) => void open(file));
}

function dropArea(choose: () => void): HTMLElement {
  const button = make("button", { type: "button", class: "button small", "data-key": "choose" }, "Choose file");
  button.addEventListener("click", choose);
  return make("div", { class: "drop" }, make("b", {}, "Drop an image here"), make("span", {}, "or paste one, or"), button);
}

function gallery(catalog: Catalog, asked: state.Asked): HTMLElement {
  const item = (source: state.Source, picture: HTMLElement, run: () => void): HTMLElement => {
    const button = make("button", { type: "button", "data-key": `source ${source.key}`, "data-source": source.key, "aria-pressed": source.key === asked.source.key },
      picture, make("span", {}, source.title));
    button.addEventListener("click", () => {
      query("#image-picker").hidePopover();
      run();
    });
    return button;
  };
  return make("div", { class: "gallery", role: "group", "aria-label": "Samples" },
    ...catalog.samples.map((sample) => {
      const source = sampleSource(sample);
      return item(source, make("img", { src: sample.url, alt: "", loading: "lazy" }), () => chooseSource(source, sample.channels));
    }),
    ...catalog.lessons.map((lesson) => {
      const source = lessonSource(lesson);
      return item(source, numbersPicture(lesson), () => startLesson(source, lesson, catalog));
    }));
}

/** A lesson is an input with the operation that makes its point. */
function startLesson(source: state.Source, lesson: Lesson, catalog: Catalog): void {
  const { filter = null, strides, dilations, padding } = lesson.operation;
  const kernel = catalog.filters.find(({ name }) => name === filter)?.kernel;
  change({
    ...state.DEFAULTS, source, longest: "full", scale: "0..255", filter,
    ...(kernel ? { kernel } : {}),
    ...(strides ? { strides } : {}), ...(dilations ? { dilations } : {}), ...(padding ? { padding: padding as state.Padding } : {}),
  });
}

function numbersPicture(lesson: Lesson): HTMLElement {
  const { values } = lesson.input as { values: number[][] };
  const largest = Math.max(...values.flat());
  const picture = make("span", { class: "numbers", "aria-hidden": true });
  picture.style.gridTemplateColumns = `repeat(${values[0]?.length ?? 1}, 1fr)`;
  picture.append(...values.flat().map((value) => {
    const cell = make("i");
    cell.style.background = plate(0.62 + (0.36 * value) / largest, "K");
    return cell;
  }));
  return picture;
}

function options({ source, longest, scale }: state.Asked): HTMLElement[] {
  if (source.kind === "numbers") return [];
  const most = Math.max(source.height, source.width);
  const radio = (name: string, argument: string, text: string, checked: boolean): HTMLElement =>
    make("button", {
      type: "button", role: "radio", "aria-checked": checked, tabindex: checked ? 0 : -1, "data-key": `${name} ${argument}`,
      "data-action": name, "data-argument": argument,
    }, text);
  const whole = longest === "full" || longest >= most;
  const sizes = SIZES.filter((size) => size < most);
  return [
    make("div", { class: "row" }, make("span", {}, "Size"),
      make("div", { class: "segments", role: "radiogroup", "aria-label": "Size in cells" },
        ...sizes.map((size) => radio("longest", String(size), String(size), longest === size)),
        radio("longest", "full", `full, ${source.width} ${TIMES} ${source.height}`, whole))),
    make("div", { class: "row" }, make("span", {}, "Values"),
      make("div", { class: "segments", role: "radiogroup", "aria-label": "Values" },
        radio("scale", "0..255", "0 to 255", scale === "0..255"), radio("scale", "0..1", "0 to 1", scale === "0..1"))),
    ...(most > state.OPENS_WHOLE
      ? [make("p", { class: "note" }, whole
        ? "Shown cell by cell; the picture pans with the window, and with the wheel."
        : `Your ${source.width} ${TIMES} ${source.height} picture is shown reduced; each cell is the mean of the pixels it stands for.`)]
      : []),
  ];
}

/** The whole page takes a dropped file. */
function acceptDrops(open: (file: File) => void): void {
  const veil = query("#drop-veil");
  let depth = 0;
  const carriesFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
  addEventListener("dragenter", (event) => {
    if (carriesFile(event)) veil.hidden = ++depth === 0;
  });
  addEventListener("dragleave", (event) => {
    if (carriesFile(event)) veil.hidden = --depth <= 0;
  });
  addEventListener("dragover", (event) => {
    if (carriesFile(event)) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    depth = 0;
    veil.hidden = true;
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    open(file);
  });
}

function acceptPastes(open: (file: File) => void): void {
  addEventListener("paste", (event) => {
    const file = [...(event.clipboardData?.files ?? [])][0];
    if (file) open(file);
  });
}
