/** Whether a pasted text is a call, and not numbers. Here by itself: the first visit carries no more of calls than this. */
export const looksLikeCall = (text: string): boolean =>
  /(?:conv|pool|correlate|filter2d|reduce_window|make_node)\w*\s*[(<]/i.test(text);
