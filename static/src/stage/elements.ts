/** The parts of the page that the stage measures and paints on. */
function find<T extends Element>(selector: string): T {
  const element = document.querySelector<T>(selector);
  if (!element) throw new Error(`The page has no ${selector}.`);
  return element;
}

export const elements = () => ({
  stage: find<HTMLElement>("#stage"),
  inputColumn: find<HTMLElement>(".column.input"),
  inputFigure: find<HTMLElement>("#input-figure"),
  inputStill: find<HTMLCanvasElement>("#input-still"),
  inputLive: find<HTMLCanvasElement>("#input-live"),
  inputLegend: find<HTMLElement>("#input-legend"),
  kernelColumn: find<HTMLElement>(".column.kernel"),
  loupe: find<HTMLCanvasElement>("#loupe"),
  sum: find<HTMLElement>("#sum"),
  outputColumn: find<HTMLElement>(".column.output"),
  outputFigure: find<HTMLElement>("#output-figure"),
  outputStill: find<HTMLCanvasElement>("#output-still"),
  outputLive: find<HTMLCanvasElement>("#output-live"),
  outputLegend: find<HTMLElement>("#output-legend"),
  wires: find<HTMLCanvasElement>("#wires"),
  ruler: find<HTMLCanvasElement>("#ruler"),
});
export type Elements = ReturnType<typeof elements>;

/** A canvas at the device's resolution, cleared, with CSS pixels as its unit. */
export function surface(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = devicePixelRatio || 1;
  const pixels = [Math.round(width * ratio), Math.round(height * ratio)] as const;
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  if (canvas.width !== pixels[0] || canvas.height !== pixels[1]) {
    [canvas.width, canvas.height] = pixels;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  } else {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, ...pixels);
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
