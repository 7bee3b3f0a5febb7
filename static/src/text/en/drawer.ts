export const drawer = {
  tabs: { explain: "Explain", code: "Code", compare: "Compare", rest: "REST", export: "Export" },
  label: "Panels",
  region: "Panel",
  close: "Close the panel (Esc)",
  menu: "Explain and more",
  toggle: "Open or close the panel",
  next: "Next panel",
  failed: "The panel could not be fetched from the server. Load the page again when the server is back.",
  copy: "Copy",
  copied: "Copied",
  notCopied: "The browser did not allow it",
};
