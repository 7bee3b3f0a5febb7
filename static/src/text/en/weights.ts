/** The boxes in which numbers are typed. */
export const weights = {
  grid: "Weights",
  weight: (row: number, column: number) => `weight row ${row}, column ${column}`,
  empty: "A weight is a number.",
  noNumber: (typed: string) => `“${typed}” is not a number.`,
};
