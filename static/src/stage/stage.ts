/** Draws the stage: watches state, turns it into scenes and calls the painters, at most once a frame. */
import { effect } from "@preact/signals-core";
import { reachOf } from "../geometry.ts";
import { type Figure, IS_BOX } from "../painters/figure.ts";
import { type Ink, readInk } from "../painters/ink.ts";
import { paintInput, paintWindow } from "../painters/input.ts";
import { paintLoupe } from "../painters/loupe.ts";
import { paintOutput, paintOutputCells } from "../painters/output.ts";
import { paintScrubber } from "../painters/scrubber.ts";
import { paintWires } from "../painters/wires.ts";
import { lit } from "../provenance.ts";
import { type Shown, detail, explanation, revealed, shown } from "../session.ts";
import { hidden } from "../predict.ts";
import * as state from "../state.ts";
import { language } from "../text/text.ts";
import { type Arrangement, arrange } from "./arrange.ts";
import { type Elements, surface } from "./elements.ts";
import type { Grid } from "./fit.ts";
import { Glide } from "./glide.ts";
import { InputPicture, OutputPicture } from "./pictures.ts";
import * as scenes from "./scenes.ts";
import * as sights from "./sights.ts";
import type { Extent, Frame } from "./viewport.ts";
import { wiringOf } from "./wiring-scene.ts";

interface Drawn {
  readonly shown: Shown;
  readonly arrangement: Arrangement;
  readonly frames: Readonly<Record<sights.Which, Frame>>;
}

export type Figures = Readonly<Record<sights.Which, Figure>>;

/** Marks over the figures, by a part of the page that is fetched when it is needed. */
export interface Overlay {
  paint(view: scenes.View, figures: Figures, input: CanvasRenderingContext2D, output: CanvasRenderingContext2D): void;
}

export class Stage {
  readonly parts: Elements;
  overlay: Overlay | null = null;
  #ink: Ink;
  #drawn: Drawn | null = null;
  readonly #inputPicture = new InputPicture();
  #outputPicture: OutputPicture | null = null;
  readonly #glide = new Glide();
  #arrangeNext = false;
  #stillNext = false;
  #glassNext = false;
  #scheduled = false;
  #drawing = false;
  #lastPosition = -1;
  #lastWindow: Extent | null = null;
  #follows = true;
  /** Fetched with the first stamp. */
  #stamping: typeof import("../stamps/view.ts") | null = null;
  /** A hand is moving the window: the picture under it moves no more than it must. */
  holding = false;

  constructor(parts: Elements) {
    this.parts = parts;
    this.#ink = readInk(document.documentElement);
    this.#watch();
  }

  get drawn(): Drawn | null {
    return this.#drawn;
  }

  #watch(): void {
    effect(() => {
      // Numbers and channels are drawn in the language of the page.
      void [state.theme.value, language()];
      this.#ink = readInk(document.documentElement);
      this.#outputPicture = null;
      this.#redrawStill();
    });
    effect(() => {
      const stamps = shown.value?.stamps;
      this.#outputPicture = null;
      this.#rearrange();
      if (!stamps || this.#stamping) return;
      // Without it the rest of the stage still stands.
      import("../stamps/view.ts").then((module) => {
        this.#stamping = module;
        this.#redrawLive();
      }, () => undefined);
    });
    effect(() => {
      // Questions take more room than results.
      void [state.presenting.value, state.predicting.value];
      this.#ink = readInk(document.documentElement);
      this.#rearrange();
    });
    effect(() => {
      void state.palette.value;
      this.#outputPicture = null;
      this.#redrawLive();
    });
    effect(() => {
      void [state.channel.value, state.touched.value];
      this.#redrawStill();
    });
    effect(() => {
      void [state.outputSize.value, state.controlsOpen.value];
      this.#rearrange();
    });
    effect(() => {
      void [detail.value, explanation.value, state.tap.value, state.cadence.value, lit.value, revealed.value, hidden.value];
      void shown.value?.data.fetched.value;
      this.#redrawLive();
    });
    effect(() => {
      void sights.figures.value;
      this.#stillNext = true;
      // What moves while the stage is drawn is painted before that ends.
      if (!this.#drawing) this.#schedule();
    });
    new ResizeObserver(() => this.#rearrange()).observe(this.parts.stage);
    // A zoom changes the device pixel ratio without always resizing the stage.
    addEventListener("resize", () => {
      this.#ink = readInk(document.documentElement);
      this.#rearrange();
    });
  }

  /** Laid out and drawn when it returns, for what does not wait for a frame. */
  drawNow(): void {
    this.#rearrange();
    this.#draw(performance.now());
  }

  #rearrange(): void {
    this.#arrangeNext = true;
    this.#redrawStill();
  }

  #redrawStill(): void {
    this.#stillNext = true;
    this.#redrawLive();
  }

  #redrawLive(): void {
    this.#glassNext = true;
    this.#schedule();
  }

  /** The marks of the overlay have changed. */
  remark(): void {
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame((now) => {
      this.#scheduled = false;
      this.#draw(now);
    });
  }

  #draw(now: number): void {
    this.#drawing = true;
    try {
      this.#drawAll(now);
    } finally {
      this.#drawing = false;
    }
  }

  #drawAll(now: number): void {
    const current = shown.peek();
    const here = detail.peek();
    if (!current || !here) return;
    if (this.#arrangeNext || this.#drawn?.shown !== current) this.#drawn = this.#arranged(current);
    const drawn = this.#drawn as Drawn;
    const view = this.#view(current, here);
    const extent = scenes.windowExtent(view);
    const window = { ...extent, ...this.#glide.towards(extent, current.geometry, now) };
    this.#follow(view, window);
    const figures = sights.figures.peek() as Figures;
    if (this.#stillNext) this.#paintStill(drawn, view, figures);
    this.#paintFigures(drawn, view, figures, window);
    // The loupe shows a position, wherever the pictures have been panned to.
    if (this.#glassNext) this.#paintGlass(drawn, view);
    this.#stillNext = this.#glassNext = false;
    document.documentElement.classList.remove("starting");
    if (this.#glide.moving) this.#schedule();
  }

  #arranged(current: Shown): Drawn {
    this.#arrangeNext = false;
    this.#stillNext = this.#glassNext = true;
    // Where a link or a person has looked elsewhere, another size of the stage is no reason to look back.
    const away = this.#drawn === null ? sights.linked() : this.#drawn.shown === current && this.#lastWindow !== null && !sights.sees("input", this.#lastWindow);
    this.#lastPosition = away ? state.position.peek() : -1;
    const arrangement = arrange(this.parts, current, state.outputSize.peek() === "true");
    const frames = framesOf(current, arrangement);
    sights.settle({ ...frames, geometry: current.geometry }, this.#drawn?.shown.input === current.input);
    return { shown: current, arrangement, frames };
  }

  #view(current: Shown, here: NonNullable<typeof detail.value>): scenes.View {
    const tapping = state.cadence.peek() === "tap";
    const fetched = current.data.fetched.peek();
    const reached = current.walk.stamps ? fetched : Math.min(here.position + (tapping ? 0 : 1), fetched);
    return {
      shown: current, ink: this.#ink, detail: here,
      channel: state.channel.peek(),
      tap: tapping ? state.tap.peek() : null,
      palette: state.palette.peek(),
      touched: state.touched.peek(),
      lit: lit.peek(),
      hidden: hidden.peek(),
      computed: Math.max(reached, Math.min(revealed.peek(), fetched)),
    };
  }

  /** Pictures too large for the stage go after the window, until a person pans them elsewhere. */
  #follow(view: scenes.View, window: Extent): void {
    const { position } = view.detail;
    if (position !== this.#lastPosition) {
      // A step by hand is one to look at. What plays by itself goes on unseen where a person has looked away from it.
      this.#follows = !state.playing.peek() || this.#lastWindow === null || sights.sees("input", this.#lastWindow);
      this.#lastPosition = position;
    } else if (!this.#glide.moving) {
      this.#follows = false;
    }
    this.#lastWindow = window;
    if (this.#follows) sights.follow(window, scenes.outputExtent(view), this.holding ? 0 : undefined);
  }

  #paintStill({ frames }: Drawn, view: scenes.View, figures: Figures): void {
    const { shown: current, ink } = view;
    const picture = this.#inputPicture.of(current, figures.input.cell * frames.input.devicePixelRatio, current.firstChannel + view.channel);
    paintInput(figureSurface(this.parts.inputStill, frames.input), scenes.inputScene(view, figures.input, picture));
    const { y, x } = current.geometry;
    paintOutput(
      figureSurface(this.parts.outputStill, frames.output),
      { ink, figure: figures.output, height: y.outputSize, width: x.outputSize },
    );
  }

  #paintFigures(drawn: Drawn, view: scenes.View, figures: Figures, window: Extent): void {
    const { shown: current, ink } = view;
    const { frames } = drawn;
    this.#outputPicture ??= new OutputPicture(current, view.palette, ink.dark);
    this.#outputPicture.paintUpTo(current.data.outputs, current.data.fetched.peek());
    const [input, output] = [figureSurface(this.parts.inputLive, frames.input), figureSurface(this.parts.outputLive, frames.output)];
    paintWindow(input, scenes.windowScene(view, figures.input, window));
    paintOutputCells(
      output,
      scenes.outputCellsScene(view, figures.output, this.#outputPicture.at(figures.output.cell * frames.output.devicePixelRatio)),
    );
    this.overlay?.paint(view, figures, input, output);
    if (current.stamps) this.#stamping?.paintStamp(output, view, figures.output, scenes.outputExtent(view));
    this.#paintWires(drawn, view, figures, window);
  }

  #paintGlass({ arrangement }: Drawn, view: scenes.View): void {
    const { diameter } = arrangement.fit;
    paintLoupe(surface(this.parts.loupe, diameter, diameter), scenes.loupeScene(view, diameter));
    const { clientWidth, clientHeight } = this.parts.ruler.parentElement as HTMLElement;
    paintScrubber(
      surface(this.parts.ruler, clientWidth, clientHeight),
      scenes.scrubberScene(view, clientWidth, clientHeight, view.shown.data.fetched.peek()),
    );
  }

  #paintWires(drawn: Drawn, view: scenes.View, { input, output }: Figures, window: Extent): void {
    const { clientWidth, clientHeight } = this.parts.stage;
    const wireStamp = view.shown.stamps ? (this.#stamping?.wireStamp ?? null) : null;
    const wiring = wiringOf(this.parts, {
      input, output, window, cell: scenes.outputExtent(view), wireStamp, diameter: drawn.arrangement.fit.diameter,
      narrow: drawn.arrangement.kind !== "wide", face: input.cell >= IS_BOX, prints: (wireStamp ? output : input).cell >= IS_BOX,
    });
    paintWires(surface(this.parts.wires, clientWidth, clientHeight), { ink: this.#ink, wiring, bold: state.presenting.peek() });
  }
}

function framesOf({ geometry }: Shown, { fit }: Arrangement): Drawn["frames"] {
  const { y, x } = geometry;
  const frame = (whole: Extent, seen: Grid, cell: number): Frame => ({
    whole, cell, width: seen.columns * cell, height: seen.rows * cell, margin: fit.margin, devicePixelRatio: devicePixelRatio || 1,
  });
  const padded = {
    top: -y.padBefore, left: -x.padBefore,
    rows: reachOf(y), columns: reachOf(x),
  };
  return {
    input: frame(padded, fit.inputView, fit.inputCell),
    output: frame({ top: 0, left: 0, rows: y.outputSize, columns: x.outputSize }, fit.outputView, fit.outputCell),
  };
}

const figureSurface = (canvas: HTMLCanvasElement, { margin, width, height }: Frame): CanvasRenderingContext2D =>
  surface(canvas, margin + width + 2, margin + height + 2);
