/** Draws the stage: watches state, turns it into scenes and calls the painters, at most once a frame. */
import { effect } from "@preact/signals-core";
import { IS_BOX } from "../painters/figure.ts";
import { type Ink, readInk } from "../painters/ink.ts";
import { paintInput, paintWindow } from "../painters/input.ts";
import { paintLoupe } from "../painters/loupe.ts";
import { paintOutput, paintOutputCells } from "../painters/output.ts";
import { paintScrubber } from "../painters/scrubber.ts";
import { paintWires } from "../painters/wires.ts";
import { type Shown, detail, explanation, revealed, shown } from "../session.ts";
import * as state from "../state.ts";
import { type Arrangement, arrange } from "./arrange.ts";
import { type Elements, surface } from "./elements.ts";
import { Glide } from "./glide.ts";
import { OutputPicture, inputPicture } from "./pictures.ts";
import * as scenes from "./scenes.ts";
import { Viewport } from "./viewport.ts";
import { wiringOf } from "./wiring-scene.ts";

interface Drawn {
  readonly shown: Shown;
  readonly arrangement: Arrangement;
  readonly input: Viewport;
  readonly output: Viewport;
}

export class Stage {
  readonly parts: Elements;
  #ink: Ink;
  #drawn: Drawn | null = null;
  #inputPicture: HTMLCanvasElement | null = null;
  #outputPicture: OutputPicture | null = null;
  readonly #glide = new Glide();
  #arrangeNext = false;
  #stillNext = false;
  #scheduled = false;
  #lastPosition = -1;

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
      void state.theme.value;
      this.#ink = readInk(document.documentElement);
      this.#inputPicture = this.#outputPicture = null;
      this.#redrawStill();
    });
    effect(() => {
      void shown.value;
      this.#inputPicture = this.#outputPicture = null;
      this.#rearrange();
    });
    effect(() => {
      void state.palette.value;
      this.#outputPicture = null;
      this.#schedule();
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
      void [detail.value, explanation.value, state.tap.value, state.cadence.value, state.hovered.value, revealed.value];
      void shown.value?.data.fetched.value;
      this.#schedule();
    });
    new ResizeObserver(() => this.#rearrange()).observe(this.parts.stage);
    // A zoom changes the device pixel ratio without always resizing the stage.
    addEventListener("resize", () => {
      this.#ink = readInk(document.documentElement);
      this.#rearrange();
    });
    void document.fonts.ready.then(() => this.#rearrange());
  }

  #rearrange(): void {
    this.#arrangeNext = true;
    this.#redrawStill();
  }

  #redrawStill(): void {
    this.#stillNext = true;
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

  /** Pans a picture too large for the stage. */
  pan(which: "input" | "output", rows: number, columns: number): void {
    if (this.#drawn?.[which].panBy(rows, columns)) this.#redrawStill();
  }

  #draw(now: number): void {
    const current = shown.peek();
    const here = detail.peek();
    if (!current || !here) return;
    if (this.#arrangeNext || this.#drawn?.shown !== current) this.#drawn = this.#arranged(current);
    const drawn = this.#drawn as Drawn;
    const view = this.#view(current, here);
    this.#followPlayhead(drawn, view);
    const window = this.#glide.towards(scenes.windowOrigin(view), current.geometry, now);
    if (this.#stillNext) this.#paintStill(drawn, view);
    this.#stillNext = false;
    this.#paintLive(drawn, view, window);
    if (this.#glide.moving) this.#schedule();
  }

  #arranged(current: Shown): Drawn {
    this.#arrangeNext = false;
    this.#stillNext = true;
    this.#lastPosition = -1;
    const arrangement = arrange(this.parts, current, state.outputSize.peek() === "true");
    const { fit } = arrangement;
    const { y, x } = current.geometry;
    const padded = {
      top: -y.padBefore, left: -x.padBefore,
      rows: y.inputSize + y.padBefore + y.padAfter, columns: x.inputSize + x.padBefore + x.padAfter,
    };
    const output = { top: 0, left: 0, rows: y.outputSize, columns: x.outputSize };
    return {
      shown: current, arrangement,
      input: new Viewport(padded, fit.inputView, fit.inputCell, fit.margin),
      output: new Viewport(output, fit.outputView, fit.outputCell, fit.margin),
    };
  }

  #view(current: Shown, here: NonNullable<typeof detail.value>): scenes.View {
    const tapping = state.cadence.peek() === "tap";
    const reached = Math.min(here.position + (tapping ? 0 : 1), current.data.fetched.peek());
    return {
      shown: current, ink: this.#ink, detail: here,
      channel: state.channel.peek(),
      tap: tapping ? state.tap.peek() : null,
      palette: state.palette.peek(),
      touched: state.touched.peek(),
      hovered: state.hovered.peek(),
      computed: Math.max(reached, Math.min(revealed.peek(), current.data.fetched.peek())),
    };
  }

  /** Follows each position once: between steps a picture stays where a person has panned it. */
  #followPlayhead(drawn: Drawn, view: scenes.View): void {
    if (view.detail.position === this.#lastPosition) return;
    this.#lastPosition = view.detail.position;
    const { y, x } = view.shown.geometry;
    const { row, column } = scenes.at(view);
    const moved = [
      drawn.input.pans && drawn.input.reveal({ ...scenes.windowOrigin(view), rows: y.span, columns: x.span }),
      drawn.output.pans && drawn.output.reveal({ top: row, left: column, rows: 1, columns: 1 }),
    ];
    if (moved.includes(true)) this.#stillNext = true;
  }

  #paintStill(drawn: Drawn, view: scenes.View): void {
    const { shown: current, ink } = view;
    const input = this.#figureSurface(this.parts.inputStill, drawn.input);
    this.#inputPicture ??= inputPicture(current);
    paintInput(input, scenes.inputScene(view, drawn.input.figure, this.#inputPicture));
    const output = this.#figureSurface(this.parts.outputStill, drawn.output);
    const { y, x } = current.geometry;
    paintOutput(output, { ink, figure: drawn.output.figure, height: y.outputSize, width: x.outputSize });
  }

  #figureSurface(canvas: HTMLCanvasElement, { figure }: Viewport): CanvasRenderingContext2D {
    return surface(canvas, figure.margin + figure.columns * figure.cell + 2, figure.margin + figure.rows * figure.cell + 2);
  }

  #paintLive(drawn: Drawn, view: scenes.View, window: { top: number; left: number }): void {
    const { shown: current, ink } = view;
    this.#outputPicture ??= new OutputPicture(current, view.palette, ink.dark);
    this.#outputPicture.paintUpTo(current.data.sums, current.data.fetched.peek());
    paintWindow(this.#figureSurface(this.parts.inputLive, drawn.input), scenes.windowScene(view, drawn.input.figure, window));
    paintOutputCells(
      this.#figureSurface(this.parts.outputLive, drawn.output),
      scenes.outputCellsScene(view, drawn.output.figure, this.#outputPicture.canvas),
    );
    const { diameter, inputCell } = drawn.arrangement.fit;
    paintLoupe(surface(this.parts.loupe, diameter, diameter), scenes.loupeScene(view, diameter));
    this.#paintWires(drawn, view, window, inputCell >= IS_BOX);
    const { clientWidth, clientHeight } = this.parts.ruler.parentElement as HTMLElement;
    paintScrubber(
      surface(this.parts.ruler, clientWidth, clientHeight),
      scenes.scrubberScene(view, clientWidth, clientHeight, current.data.fetched.peek()),
    );
  }

  #paintWires(drawn: Drawn, view: scenes.View, window: { top: number; left: number }, face: boolean): void {
    const { clientWidth, clientHeight } = this.parts.stage;
    const wiring = wiringOf(this.parts, {
      input: drawn.input.figure, output: drawn.output.figure, window,
      geometry: view.shown.geometry, cell: scenes.at(view), diameter: drawn.arrangement.fit.diameter,
      narrow: drawn.arrangement.kind !== "wide", face,
    });
    paintWires(surface(this.parts.wires, clientWidth, clientHeight), { ink: this.#ink, wiring });
  }
}
