/** The image: your own by file, drop or paste; samples; the lesson; how large and in which numbers. */
import { effect, signal } from "@preact/signals-core";
import { pasteNumbers, setNumbers } from "../actions/numbers.ts";
import { change, chooseSource, openFile } from "../actions/operation.ts";
import type { Catalog, Lesson, Sample } from "../api.ts";
import { looksLikeCall } from "../calls/looks.ts";
import { plate } from "../colour.ts";
import { LARGEST_INPUT, OWN_KEY, counting } from "../numbers/planes.ts";
import * as state from "../state.ts";
import { sourceTitle } from "../text/names.ts";
import { text } from "../text/text.ts";
import { make, placePopup, query, refill, whetherOpen } from "./dom.ts";

/** In the page of somebody else nobody is asked for a file. */
const isEmbedded = "embedded" in document.documentElement.dataset;
const SIZES = [16, 32, 64, 128] as const;

export function sampleSource(sample: Sample): state.Source {
  return {
    key: sample.name, title: sample.title, kind: "picture", height: sample.height, width: sample.width, channels: sample.channels,
    reference: { sample: sample.name },
  };
}

export function lessonSource(lesson: Lesson): state.Source {
  const values = (lesson.input as { values: number[][] }).values;
  return {
    key: lesson.name, title: lesson.title, kind: "numbers", height: values.length, width: values[0]?.length ?? 0, channels: 1,
    reference: { ...lesson.input },
  };
}

export function imagePicker(catalog: Catalog): void {
  const popup = query("#image-picker");
  const opened = whetherOpen(popup);
  const chooser = make("input", { type: "file", accept: "image/png,image/jpeg,image/webp,image/gif,image/bmp,.npy", hidden: true, id: "file" });
  chooser.addEventListener("change", () => {
    const file = chooser.files?.[0];
    chooser.value = "";
    if (file) void open(file);
  });
  if (!isEmbedded) document.body.append(chooser);
  const open = (file: File): Promise<void> => {
    popup.hidePopover();
    return openFile(file, file.name || text().image.pasted);
  };
  const heading = make("h3", { id: "image-picker-heading" });
  const back = make("button", { type: "button", class: "button small" });
  back.addEventListener("click", () => show("pictures"));
  const views = { pictures: make("div", { class: "view" }), numbers: make("div", { class: "view", id: "numbers-editor" }), camera: make("div", { class: "view" }) };
  type View = keyof typeof views;
  const view = signal<View>("pictures");
  popup.append(make("header", {}, heading, back), ...Object.values(views));
  effect(() => {
    heading.textContent = view.value === "numbers" ? text().image.numbers : text().image.heading;
    back.textContent = text().image.back;
    back.hidden = view.value !== "numbers";
    for (const [name, element] of Object.entries(views)) element.hidden = name !== view.value;
  });
  // Undone to a picture, there are no numbers to edit.
  effect(() => {
    const asked = state.asked.value;
    if (asked && !hasNumbers(asked) && view.peek() === "numbers") view.value = "pictures";
  });
  effect(() => {
    const asked = state.asked.value;
    if (!asked || !opened.value) return;
    const drop = dropArea(() => chooser.click(), () => void useCamera());
    refill(views.pictures, ...(isEmbedded ? [] : [drop]), gallery(catalog, asked), ...options(asked), numbersButton(hasNumbers(asked), () => void editNumbers()));
  });
  const place = (): void => placePopup(popup, query("#image-button").getBoundingClientRect(), false);
  const show = (next: View): void => {
    view.value = next;
    place();
    popup.querySelector<HTMLElement>(next === "numbers" ? ".numbers input" : "[data-key=edit-numbers]")?.focus();
  };
  let filled: Promise<void> | null = null;
  // The editor and the camera come when somebody first asks for them.
  const editNumbers = async (): Promise<void> => {
    await (filled ??= import("./numbersEditor.ts").then(({ numbersEditor }) =>
      numbersEditor(views.numbers, () => opened.value && view.value === "numbers")));
    const asked = state.asked.peek();
    if (asked && !hasNumbers(asked)) setNumbers([counting(4, 4)]);
    show("numbers");
  };
  let leaveCamera = (): void => undefined;
  const useCamera = async (): Promise<void> => {
    const { camera } = await import("./camera.ts");
    ({ leave: leaveCamera } = await camera(views.camera, {
      shown: () => { view.value = "camera"; },
      taken: (picture) => void open(picture),
      closed: () => show("pictures"),
    }));
    // Closed before the camera was there.
    if (!opened.peek()) leaveCamera();
  };
  // It grows with the numbers, and must not grow out of the window, nor lie over what the camera's refusal says.
  const replace = new ResizeObserver(() => { if (opened.peek()) place(); });
  for (const element of [popup, query("#ribbon")]) replace.observe(element);
  popup.addEventListener("beforetoggle", (event) => {
    if (event.newState === "open") view.value = "pictures";
    else leaveCamera();
  });
  popup.addEventListener("toggle", (event) => {
    if (event.newState !== "open") return;
    place();
    if (state.asked.peek()?.source.key === OWN_KEY) void editNumbers();
  });
  if (!isEmbedded) acceptDrops((file) => void open(file));
  acceptPastes((file) => {
    if (!isEmbedded) void open(file);
  });
}

/** Browsers have one only where nobody can listen in: over HTTPS, or on the machine itself. */
const hasCamera = (): boolean => isSecureContext && "mediaDevices" in navigator;

/** A picture of few cells can be edited cell by cell. */
const hasNumbers = ({ source, longest }: state.Asked): boolean =>
  source.kind === "numbers" || (source.kind === "picture" && (longest === "full" ? Math.max(source.height, source.width) : longest) <= LARGEST_INPUT);

function numbersButton(edits: boolean, run: () => void): HTMLElement {
  const button = make("button", { type: "button", class: "button small", "data-key": "edit-numbers" }, edits ? text().image.editNumbers : text().image.typeNumbers);
  button.addEventListener("click", run);
  return button;
}

function dropArea(choose: () => void, useCamera: () => void): HTMLElement {
  const button = make("button", { type: "button", class: "button small", "data-key": "choose" }, text().image.choose);
  button.addEventListener("click", choose);
  const camera = make("button", { type: "button", class: "button small", "data-key": "camera" }, text().image.useCamera);
  camera.addEventListener("click", useCamera);
  return make("div", { class: "drop" }, make("b", {}, text().image.drop), make("span", {}, text().image.orPaste),
    make("div", { class: "row" }, button, ...(hasCamera() ? [camera] : [])));
}

function gallery(catalog: Catalog, asked: state.Asked): HTMLElement {
  const item = (source: state.Source, picture: HTMLElement, run: () => void): HTMLElement => {
    const button = make("button", { type: "button", "data-key": `source ${source.key}`, "data-source": source.key, "aria-pressed": source.key === asked.source.key },
      picture, make("span", {}, sourceTitle(source)));
    button.addEventListener("click", () => {
      query("#image-picker").hidePopover();
      run();
    });
    return button;
  };
  return make("div", { class: "gallery", role: "group", "aria-label": text().image.samples },
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
  if (source.kind !== "picture") return [];
  const most = Math.max(source.height, source.width);
  const words = text().image;
  const radio = (name: string, argument: string, title: string, checked: boolean): HTMLElement =>
    make("button", {
      type: "button", role: "radio", "aria-checked": checked, tabindex: checked ? 0 : -1, "data-key": `${name} ${argument}`,
      "data-action": name, "data-argument": argument,
    }, title);
  const whole = longest === "full" || longest >= most;
  const sizes = SIZES.filter((size) => size < most);
  return [
    make("div", { class: "row" }, make("span", {}, words.size),
      make("div", { class: "segments", role: "radiogroup", "aria-label": words.sizeInCells },
        ...sizes.map((size) => radio("longest", String(size), String(size), longest === size)),
        radio("longest", "full", words.full(source.width, source.height), whole))),
    make("div", { class: "row" }, make("span", {}, words.values),
      make("div", { class: "segments", role: "radiogroup", "aria-label": words.values },
        radio("scale", "0..255", words.scales["0..255"], scale === "0..255"), radio("scale", "0..1", words.scales["0..1"], scale === "0..1"))),
    ...(most > state.OPENS_WHOLE
      ? [make("p", { class: "note" }, whole
        ? words.whole
        : words.reduced(source.width, source.height))]
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

/** A picture; or numbers or a call, where nothing that is written in takes them. */
function acceptPastes(open: (file: File) => void): void {
  addEventListener("paste", (event) => {
    const file = [...(event.clipboardData?.files ?? [])][0];
    if (file) {
      open(file);
      return;
    }
    const written = event.clipboardData?.getData("text/plain") ?? "";
    const target = event.target as Element;
    if (event.defaultPrevented || target.closest("input:not([type=range]), textarea, dialog") || !(looksLikeCall(written) || /\d/.test(written))) return;
    if (looksLikeCall(written)) {
      void import("../calls/paste.ts").then(({ pasteCall }) => pasteCall(written));
      return;
    }
    void pasteNumbers(written).then((refusal) => {
      if (refusal !== null) state.notice.value = { kind: "error", text: text().image.numbersRefused(refusal) };
    });
  });
}
