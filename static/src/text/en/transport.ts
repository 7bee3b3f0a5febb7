export const transport = {
  play: "Play (space)",
  pause: "Pause (space)",
  place: (row: number, column: number) => `row ${row}, column ${column}`,
  count: (done: string, all: string) => `${done} of ${all}`,
  perSecond: (rate: number) => `${rate} per s`,
};
