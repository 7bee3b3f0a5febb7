/** Said of a change to those who do not see it, after its name. */
export const spoken = {
  output: (rows: number, columns: number) => `Output ${rows} by ${columns}.`,
  padding: (sides: string) => `Padding ${sides}.`,
  noPadding: "No padding.",
  top: "top",
  bottom: "bottom",
  left: "left",
  right: "right",
};
