export const take = {
  lead: "Take this view with you.",
  working: "One moment …",
  step: (step: number, steps: number) => `Step ${step} of ${steps} …`,
  saved: (name: string) => `Saved as ${name}.`,
  nothing: "There is nothing to save yet.",
  kinds: {
    png: { title: "Figure, PNG", note: "for a document or a slide, with labels and shapes" },
    svg: { title: "Figure, SVG", note: "the same, sharp at every size" },
    gif: { title: "Animation, GIF", note: "the figure of the next steps, 60 at most" },
    npy: { title: "Numbers, NPY", note: "the whole output for NumPy, float32" },
    jsonl: { title: "Trace, JSON Lines", note: (positions: string) => `every product of all ${positions} positions, a line each` },
    arrow: { title: "Trace, Arrow", note: "the same for dataframes" },
    link: { title: "Link", note: "copies what opens this very step on this server" },
  },
};
