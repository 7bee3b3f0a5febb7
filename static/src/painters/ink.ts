/** The chrome's colours and fonts, read once a theme: painters take them in their scene. */
export interface Ink {
  readonly dark: boolean;
  /** The root font size in CSS pixels. */
  readonly rem: number;
  readonly paper: string;
  readonly sheet: string;
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly onInk: string;
  readonly line: string;
  readonly edge: string;
  readonly unset: string;
  readonly mark: string;
  readonly frame: string;
  readonly frameHalo: string;
  readonly glassRing: string;
  readonly glassTick: string;
  readonly glassCell: string;
  readonly fog: number;
  readonly tags: Readonly<Record<"R" | "G" | "B", string>>;
  readonly mono: string;
  readonly sans: string;
}

export function readInk(root: HTMLElement): Ink {
  const style = getComputedStyle(root);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    dark: root.dataset.theme === "dark",
    rem: parseFloat(style.fontSize),
    paper: token("paper"),
    sheet: token("sheet"),
    ink: token("ink"),
    ink2: token("ink-2"),
    ink3: token("ink-3"),
    onInk: token("on-ink"),
    line: token("line"),
    edge: token("edge"),
    unset: token("unset"),
    mark: token("mark"),
    frame: token("frame"),
    frameHalo: token("frame-halo"),
    glassRing: token("glass-ring"),
    glassTick: token("glass-tick"),
    glassCell: token("glass-cell"),
    fog: parseFloat(token("fog")),
    tags: { R: token("tag-r"), G: token("tag-g"), B: token("tag-b") },
    mono: token("mono"),
    sans: token("sans"),
  };
}
