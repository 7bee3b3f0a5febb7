export const drawer = {
  tabs: { explain: "Explain", code: "Code", compare: "Compare", rest: "REST", export: "Export" },
  label: "Panels",
  region: "Panel",
  close: "Close the panel (Esc)",
  menu: "Explain and more",
  toggle: "Open or close the panel",
  next: "Next panel",
  failed: "This could not be fetched from the server. It comes when the server is back, or with the page when it is loaded again.",
  copy: "Copy",
  copied: "Copied",
  notCopied: "The browser did not allow it",
};
