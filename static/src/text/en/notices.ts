/** What stands in the ribbon. */
export const notices = {
  close: "Close",
  cancel: "Cancel",
  computing: "Computing on the server.",
  undo: "Undo the last change",
  offline: (seconds: number) =>
    `The server stopped answering. What you see is still correct; new numbers have to wait. Trying again in ${seconds} second${seconds === 1 ? "" : "s"}.`,
  tryNow: "Try now",
  sending: (file: string) => `Sending ${file} to the server.`,
  notSent: "The server did not answer, so the image was not sent. What you see is unchanged.",
  linkRefused: (reason: string) => `What this link asks for cannot be shown. ${reason}`,
  unread: (count: number, quoted: string) =>
    `${count === 1 ? "This part" : "These parts"} of the link cannot be read: ${quoted}. The page shows what is usual instead.`,
  noAnswer: (instead: string) => `The server did not answer, so ${instead} is shown in its place. Choose the file again to go on with it.`,
  imageGone: (image: string, instead: string) =>
    `${image} is no longer on the server, so ${instead} is shown in its place. Choose the file again to go on with it.`,
  imageLost: (image: string) => `${image} is no longer on the server. What you see is still correct; choose the file again to go on with it.`,
};
